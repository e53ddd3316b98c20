// Files inside installed packages: the .wasm files that libraries bring along. Node reads them from disk, never from
// a network; in a browser the page's import map or the bundler says where they lie. And packages that are no
// dependency, but may be there.
import { readAsset } from "./assets.js";
import { isNode, nodeModule } from "./node.js";

/** Bytes of packages' files that the program has brought along, by specifier. */
const brought = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * Gives the bytes of a package's file, for programs in one piece, where nothing can be fetched: from then on nobody looks
 * for the file.
 * @param specifier as for `readPackageFile`
 */
export const bringPackageFile = (specifier: string, bytes: Uint8Array): void => {
  brought.set(specifier, new Uint8Array(bytes));
};

/** Checks whether a package's file was brought along. */
export const isBrought = (specifier: string): boolean => brought.has(specifier);

/**
 * The bytes of a file inside an installed package.
 * @param specifier the package and the path in it: `"@scope/name/folder/file.wasm"`
 * @param web its address in a bundle, as `new URL(SPECIFIER, import.meta.url)` at the call, where bundlers look for it
 */
export async function readPackageFile(specifier: string, web?: () => URL): Promise<Uint8Array<ArrayBuffer>> {
  const known = brought.get(specifier);
  if (known !== undefined) return known;
  if (!isNode) return readAsset(addressInPage(specifier, web));
  const { createRequire } = await nodeModule<typeof import("node:module")>("module");
  const { pathToFileURL } = await nodeModule<typeof import("node:url")>("url");
  return readAsset(pathToFileURL(createRequire(import.meta.url).resolve(specifier)));
}

/** The address by the page's import map, else that of the bundle. */
function addressInPage(specifier: string, web: (() => URL) | undefined): URL {
  try {
    return new URL(import.meta.resolve(specifier));
  } catch (error) {
    if (web === undefined) throw error;
    return web();
  }
}

/** Finds a package by name: what it exports, or undefined where it is not installed. */
export type ImportPackage = (name: string) => Promise<unknown>;

/** Imports a package that the user may have installed beside Fovea. Errors other than its absence are passed on. */
export const importPackage: ImportPackage = async (name) => {
  try {
    return await import(/* @vite-ignore */ name);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (code === "ERR_MODULE_NOT_FOUND" && String(message).includes(`'${name}'`)) return undefined;
    throw error;
  }
};
