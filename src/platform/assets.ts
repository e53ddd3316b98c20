// Reads a file that ships with this package. The address decides how: file: from disk, anything else by fetch.
import { nodeModule } from "./node.js";

/**
 * The bytes of a shipped file; write `new URL("…", import.meta.url)` at the call, where bundlers look for it.
 * @throws whatever the file system or the network reports when the file is not there.
 */
export async function readAsset(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol === "file:") {
    const { readFile } = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`could not read ${url.href}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
