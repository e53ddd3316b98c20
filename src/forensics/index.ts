// Evidence about a single image file, never a verdict: the entry `fovea/forensics`.
export { CONCLUSIONS, type Conclusion, concludeFrom, meaningOf } from "./conclusion.js";
export { type Dossier, dossierJson, type MethodEvidence } from "./dossier.js";
export { type ExamineOptions, examine, MOST_BYTES } from "./examine.js";
export { METHOD_NAMES, METHODS, type MethodName } from "./methods.js";
export {
  type Evidence,
  type EvidenceMap,
  type EvidenceRow,
  FINDINGS,
  type FindingOfMethod,
  type Region,
} from "./record/evidence.js";
export type { ExaminedImage } from "./record/image.js";
export { METHOD_KINDS, type Method, type MethodKind } from "./record/method.js";
