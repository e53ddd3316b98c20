// The instructions of mode "fast" on this machine: relaxed multiply-adds where they are faster than separate products and additions, which
// depends on the processor and on the engine. The register tile that is behind every product is timed with both, once.
import { machineFacts } from "../../platform/machine.js";
import { remembered } from "../../platform/remembered.js";
import type { Mode } from "../contract.js";
import { secondsOf, TILE_BYTES, writeTile } from "./ceiling.js";
import type { Executor } from "./executor.js";
import { MOST_PAGES } from "./generate.js";
import type { SessionMemory } from "./memory.js";

/** Share of the time that relaxed instructions must save to be taken. */
const WORTH = 0.03;

/**
 * The mode whose code is faster.
 * @param seconds times of the same work in both modes
 */
export const fasterOf = (seconds: Readonly<Record<Mode, number>>): Mode =>
  seconds.fast < (1 - WORTH) * seconds.reproducible ? "fast" : "reproducible";

/**
 * Times both modes on the threads of an executor.
 * @param memory whether it is shared, and its most pages
 * @param program a number of a program that is free
 * @param scratch address of TILE_BYTES for each thread
 */
export async function fasterMode(
  executor: Executor,
  memory: { readonly shared: boolean; readonly pages: number },
  program: number,
  scratch: (thread: number) => number,
): Promise<Mode> {
  const secondsIn = (mode: Mode): Promise<number> =>
    secondsOf(executor, program, memory, scratch, (code, at) => writeTile(code, mode, at));
  return fasterOf({ reproducible: await secondsIn("reproducible"), fast: await secondsIn("fast") });
}

/** The mode whose instructions are faster here, as a session's threads found at the first use, before they had programs. */
export async function fasterHere(memory: SessionMemory, executor: Executor): Promise<Mode> {
  const { cpu, node, release } = await machineFacts();
  const machine = `${cpu}, ${node === null ? release : `Node ${node}`}`;
  return remembered("fast-mode", machine, ["reproducible", "fast"], () => timeModes(memory, executor));
}

async function timeModes(memory: SessionMemory, executor: Executor): Promise<Mode> {
  const bytes = TILE_BYTES * executor.threads;
  const address = memory.allocate(bytes);
  try {
    const limits = { shared: memory.shared, pages: MOST_PAGES };
    return await fasterMode(executor, limits, 0, (thread) => address + thread * TILE_BYTES);
  } finally {
    memory.free(address, bytes);
  }
}
