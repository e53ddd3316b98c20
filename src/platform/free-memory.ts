// Memory that the machine has left for this process, as far as the system tells.
import { isNode, nodeModule } from "./node.js";

/** Bytes that a page may count on where its browser tells nothing. */
const UNTOLD = 4 * 2 ** 30;

/** Bytes of memory that are free, within the limit of a container where there is one. */
export async function freeMemory(): Promise<number> {
  if (!isNode) {
    const { deviceMemory } = globalThis.navigator as { readonly deviceMemory?: number };
    return deviceMemory === undefined ? UNTOLD : deviceMemory * 2 ** 30;
  }
  // Node 20.13 and later know of containers.
  if (typeof process.availableMemory === "function") return process.availableMemory();
  return (await nodeModule<typeof import("node:os")>("os")).freemem();
}
