// The face of certificates: a run trained again, the equality signed, and both checked later.
export { newSigningKey, publicKeyOf } from "../../platform/signing.js";
export {
  CERTIFICATE_FILE,
  type Certificate,
  readCertificate,
  signCertificate,
  writeCertificate,
} from "./certificate.js";
export { type Certified, type CertifyOptions, certify } from "./certify.js";
export { type CertificateCheck, checkCertificate } from "./check.js";
