// Processor time that this process has used, for what is told of a run's effort.
import { isNode } from "./node.js";

/** Seconds that all threads of the process have computed, system calls included; undefined in a browser, which tells no page. */
export function processorSeconds(): number | undefined {
  if (!isNode) return undefined;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
