// Content hashes: Node's own where there is Node (no copy, four times as fast on small files), else Web Crypto.
import { toHex } from "../core/hex.js";
import { isNode, nodeModule } from "./node.js";

let nodeCrypto: Promise<typeof import("node:crypto")> | undefined;

/** The SHA-256 of the parts, one after the other, as 64 lower-case hex digits. */
export async function sha256Hex(...parts: readonly Uint8Array[]): Promise<string> {
  if (isNode) {
    nodeCrypto ??= nodeModule<typeof import("node:crypto")>("crypto");
    const hash = (await nodeCrypto).createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  }
  const whole = await new Blob(parts.map((part) => new Uint8Array(part))).arrayBuffer();
  const digest = await globalThis.crypto.subtle.digest("SHA-256", whole);
  return toHex(new Uint8Array(digest));
}

/** The MD5 as 32 lower-case hex digits, for files whose publishers give no better one. Needs Node. */
export async function md5Hex(bytes: Uint8Array): Promise<string> {
  nodeCrypto ??= nodeModule<typeof import("node:crypto")>("crypto");
  return (await nodeCrypto).createHash("md5").update(bytes).digest("hex");
}
