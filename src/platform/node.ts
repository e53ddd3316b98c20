// Access to Node's modules for the other files of this room: bundles for browsers never contain their names.
import { FoveaError } from "../core/errors.js";

/** True where this is Node (or a runtime that offers Node's modules), and not a browser. */
export const isNode: boolean = typeof process !== "undefined" && process.versions?.node !== undefined;

/** True in the thread of a browser's page, which people see standing still; a worker is none. */
export const isPage: boolean = !isNode && typeof document !== "undefined";

/**
 * Imports one of Node's modules on first use. The specifier is a variable, so that bundlers leave it alone. A browser asks
 * nobody for it.
 * @throws FoveaError in a browser
 * @example const fs = await nodeModule<typeof import("node:fs/promises")>("fs/promises");
 */
export async function nodeModule<Module>(name: string): Promise<Module> {
  if (!isNode)
    throw new FoveaError(
      "unsupported-engine",
      `this needs Node's module ${name}, which a browser does not have; run it in Node`,
    );
  const specifier = `node:${name}`;
  return import(/* @vite-ignore */ specifier) as Promise<Module>;
}
