// A certificate of a replay as a file: the equality that was found, where it was found, and a signature over all of it. Its
// signed text is canonical, so that spaces and the order of fields do not matter.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { canonicalText } from "../../core/json.js";
import { checkJson, parseJson, printJson } from "../../formats/json.js";
import { RECORDED_JOURNAL, SHA256 } from "../../formats/run/recipe.js";
import { publicKeyOf, type Signature, signText, verifyText } from "../../platform/signing.js";

/** The usual name of a certificate, beside its run. */
export const CERTIFICATE_FILE = "certificate.json";

const text = z.string().max(1000);
const hexadecimal = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), `expected ${bytes} bytes as ${2 * bytes} hexadecimal digits`);

const FACTS = {
  version: z.literal(1),
  /** The run that was trained again. */
  run: z.strictObject({
    name: text,
    task: text,
    /** Names and versions of the software that made the recipe. */
    created_by: z.strictObject({ fovea: text, node: text.optional() }),
  }),
  /** SHA-256 of the run's files as they lay there. */
  files: z.strictObject({
    "recipe.json": SHA256,
    "history.csv": SHA256,
    "metrics.json": SHA256,
    "model.keras": SHA256,
  }),
  /** Images or rows that trained, validated and tested, as the recipe names them. */
  data: z
    .array(
      z.strictObject({
        part: z.enum(["train", "validation", "test"]),
        sha256: SHA256,
        images: z.int().positive().optional(),
        rows: z.int().positive().optional(),
        columns: SHA256.optional(),
      }),
    )
    .min(1)
    .max(3),
  journal: RECORDED_JOURNAL.optional(),
  /** The same in model.keras and after training again, and the metrics of each epoch as well. */
  weights_sha256: SHA256,
  replay: z.strictObject({
    equal: z.literal(true),
    epochs: z.int().min(0),
    engine: text,
    mode: z.enum(["reproducible", "fast"]),
    threads: z.int().positive(),
    /** Version of Node; absent in a browser. */
    node: text.optional(),
    platform: text,
    /** Coordinated universal time. */
    time: z.iso.datetime(),
  }),
  /** Public key of Ed25519. */
  public_key: hexadecimal(32),
};

const UNSIGNED = z.strictObject(FACTS);
const CERTIFICATE = z.strictObject({ ...FACTS, signature: hexadecimal(64) });

/** Facts of a certificate before the key is known. */
export type CertifiedFacts = Omit<z.output<typeof UNSIGNED>, "public_key">;
/** A signed certificate, as its file has it. */
export type Certificate = z.output<typeof CERTIFICATE>;

/** The text that a certificate's signature is of: everything but the signature. */
const signedText = (facts: CertifiedFacts, publicKey: string): string =>
  canonicalText(JSON.parse(JSON.stringify({ ...facts, public_key: publicKey })));

/**
 * A certificate of facts, signed.
 * @param pem an Ed25519 private key as PEM
 * @param name of the key's file, for messages
 * @param facts Run, files, data, weights and replay. `certify` gathers them.
 * @throws FoveaError for another kind of key
 */
export async function signCertificate(facts: CertifiedFacts, pem: string, name?: string): Promise<Certificate> {
  const publicKey = await publicKeyOf(pem, name);
  const { signature } = await signText(signedText(facts, publicKey), pem, name);
  return checkJson("certificate", CERTIFICATE, { ...facts, public_key: publicKey, signature });
}

/**
 * The certificate as the text of its file.
 * @param certificate A signed certificate.
 */
export const writeCertificate = (certificate: Certificate): string => printJson(certificate);

/**
 * Reads a certificate and checks its signature, in Node or in a page. Whose key it is, the certificate cannot say: compare
 * `public_key` with the key that its owner has made known.
 * @param name what the errors call it
 * @param text The file's text or bytes.
 * @throws FoveaError when it is none, or was changed after it was signed
 */
export async function readCertificate(text: Uint8Array | string, name = CERTIFICATE_FILE): Promise<Certificate> {
  const certificate = checkJson(name, CERTIFICATE, parseJson(name, text));
  const { signature, public_key: publicKey, ...facts } = certificate;
  const signed: Signature = { publicKey, signature };
  if (await verifyText(signedText(facts, publicKey), signed)) return certificate;
  throw new FoveaError(
    "signature-mismatch",
    `${name}: the signature is not that of its text, so the certificate was changed after it was signed; ask for the original`,
  );
}
