// Growth of the JavaScript heap, which Node decides by the memory of the machine and not by what a program needs.
import { isNode, nodeModule } from "./node.js";

/** Growth of the heap, in percent of what is in use, after which it is swept; V8 waits for up to 300. */
const GROWTH = 50;

/**
 * Makes Node sweep its heap sooner, in all threads, for users who asked for little memory: garbage then takes at most
 * half as much as objects in use, and sweeping a few percent of the time. A browser decides by itself.
 */
export async function keepHeapSmall(): Promise<void> {
  if (!isNode) return;
  const v8 = await nodeModule<typeof import("node:v8")>("v8");
  v8.setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
