// Files inside installed packages: the .wasm files that codecs bring along. Node reads them from disk, never from
// a network; in a browser the bundler or the server hands them out and the package fetches its own.
import { nodeModule } from "./node.js";

/**
 * The bytes of a file inside an installed package. Node only.
 * @param specifier the package and the path in it: `"@scope/name/folder/file.wasm"`
 */
export async function readPackageFile(specifier: string): Promise<Uint8Array<ArrayBuffer>> {
  const { createRequire } = await nodeModule<typeof import("node:module")>("module");
  const { readFile } = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
  return new Uint8Array(await readFile(createRequire(import.meta.url).resolve(specifier)));
}
