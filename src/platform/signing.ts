// Ed25519 signatures (RFC 8032) over text: Node's own where there is Node, whose Web Crypto warns of Ed25519 in some versions,
// else Web Crypto. Keys and signatures are hexadecimal text; a private key is PEM of PKCS#8, as OpenSSL writes it.
import { FoveaError } from "../core/errors.js";
import { fromHex, toHex } from "../core/hex.js";
import { isNode, nodeModule } from "./node.js";

/** A signature, and the public key that checks it. */
export interface Signature {
  /** 32 bytes, 64 hexadecimal digits. */
  readonly publicKey: string;
  /** 64 bytes, 128 hexadecimal digits. */
  readonly signature: string;
}

/** First bytes of the PKCS#8 form of an Ed25519 key (RFC 8410); the 32 bytes of the key follow. */
const PKCS8 = "302e020100300506032b657004220420";
/** First bytes of the SubjectPublicKeyInfo form of a public key. */
const SPKI = "302a300506032b6570032100";
const KEY_BYTES = 32;

const PEM = /^\s*-----BEGIN PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END PRIVATE KEY-----\s*$/;

/** The PKCS#8 bytes of a private key. @throws FoveaError for another kind of key, and for text that is none */
function privateKeyBytes(pem: string, name: string): Uint8Array<ArrayBuffer> {
  const base64 = PEM.exec(pem)?.[1]?.replaceAll(/\s/g, "");
  let bytes = new Uint8Array(0);
  try {
    bytes = Uint8Array.from(atob(base64 ?? ""), (character) => character.charCodeAt(0));
  } catch {
    // Left empty, which is refused below.
  }
  if (bytes.length !== PKCS8.length / 2 + KEY_BYTES || !toHex(bytes).startsWith(PKCS8))
    throw new FoveaError(
      "unknown-format",
      `${name}: expected an Ed25519 private key without a password, as PEM; make one with fovea certify --new-key FILE`,
    );
  return bytes;
}

const toPem = (bytes: Uint8Array): string =>
  `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...bytes))}\n-----END PRIVATE KEY-----\n`;

const nodeCrypto = (): Promise<typeof import("node:crypto")> => nodeModule("crypto");

/** Web Crypto's functions. @throws FoveaError where the page's origin or browser has no Ed25519 */
async function inBrowser<T>(work: (subtle: SubtleCrypto) => Promise<T>): Promise<T> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined)
    throw new FoveaError(
      "unsupported-engine",
      "signatures need a secure page; open it from https or from this machine (127.0.0.1)",
    );
  try {
    return await work(subtle);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotSupportedError") throw error;
    throw new FoveaError(
      "unsupported-engine",
      "this browser has no Ed25519 signatures; use a newer one, or the command line",
      {
        cause: error,
      },
    );
  }
}

/**
 * A new private key as PEM, from the system's random numbers.
 * @example
 * const pem = await newSigningKey();
 * (await publicKeyOf(pem)).length; // 64 hexadecimal digits, for who checks signatures
 */
export async function newSigningKey(): Promise<string> {
  const seed = globalThis.crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return toPem(Uint8Array.from([...fromHex(PKCS8), ...seed]));
}

/**
 * Signs text as UTF-8.
 * @param pem an Ed25519 private key
 * @param name of the key's file, for messages. Default "the key"
 * @returns the same signature for the same text and key, anywhere
 * @throws FoveaError for text that is no such key
 * @example const { signature } = await signText("a", await newSigningKey());
 */
export async function signText(text: string, pem: string, name = "the key"): Promise<Signature> {
  const bytes = privateKeyBytes(pem, name);
  const content = new TextEncoder().encode(text);
  if (isNode) {
    const { createPrivateKey, createPublicKey, sign } = await nodeCrypto();
    const key = createPrivateKey({ key: toPem(bytes), format: "pem" });
    const spki = createPublicKey(key).export({ format: "der", type: "spki" });
    const publicKey = toHex(spki.subarray(spki.length - KEY_BYTES));
    return { publicKey, signature: toHex(sign(null, content, key)) };
  }
  return inBrowser(async (subtle) => {
    const key = await subtle.importKey("pkcs8", bytes, "Ed25519", true, ["sign"]);
    const { x = "" } = await subtle.exportKey("jwk", key);
    const raw = Uint8Array.from(atob(x.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    return { publicKey: toHex(raw), signature: toHex(new Uint8Array(await subtle.sign("Ed25519", key, content))) };
  });
}

/**
 * The public key of a private one.
 * @param pem An Ed25519 private key, as PEM.
 * @param name Name of the key's file in messages; default "the key".
 * @returns The 32 bytes of the public key, in hexadecimal.
 * @throws FoveaError as `signText` does
 */
export const publicKeyOf = async (pem: string, name?: string): Promise<string> =>
  (await signText("", pem, name)).publicKey;

/**
 * Checks whether a signature is that of a text.
 * @example await verifyText("a", await signText("a", pem)) // true
 */
export async function verifyText(text: string, { publicKey, signature }: Signature): Promise<boolean> {
  const [content, signed] = [new TextEncoder().encode(text), fromHex(signature)];
  if (isNode) {
    const { createPublicKey, verify } = await nodeCrypto();
    const der = Buffer.from(fromHex(SPKI + publicKey));
    return verify(null, content, createPublicKey({ key: der, format: "der", type: "spki" }), signed);
  }
  return inBrowser(async (subtle) => {
    const key = await subtle.importKey("raw", fromHex(publicKey), "Ed25519", false, ["verify"]);
    return subtle.verify("Ed25519", key, signed, content);
  });
}
