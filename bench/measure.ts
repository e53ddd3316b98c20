// The stopwatch of every child that runs in Node: warms up, times, and answers. python/measure.py does the same.
import { readFileSync } from "node:fs";
import type { Answer, Spec } from "./spec.js";

/** The measurement that this child is to make. */
export const readSpec = (): Spec => JSON.parse(process.argv[2]!) as Spec;

/** Runs are timed beyond `seconds` until there are this many. */
const FEWEST = 3;

/** Compilers that optimize what is hot take some time, however short the runs. */
const WARM_MS = 500;

/** Times `once`. `first` gets everything ready and is `once` unless told. */
export async function measure(
  { warmUp, steps, seconds }: Spec,
  once: () => Promise<unknown>,
  first = once,
): Promise<Omit<Answer, "compileMs">> {
  await first();
  // The clock of performance.now() starts with the process.
  const ready = performance.now();
  const warm = (run: number): boolean => {
    const elapsed = performance.now() - ready;
    return warmUp > 1 && elapsed < 300 * seconds && (run < warmUp || elapsed < WARM_MS);
  };
  for (let run = 1; warm(run); run++) await once();
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < steps && (times.length < FEWEST || performance.now() - begun < 1000 * seconds)) {
    const started = performance.now();
    await once();
    times.push(performance.now() - started);
  }
  return { ready, times, peakRssMb: peakRss() / 1024 };
}

/** The most memory that this process ever held, in KiB: Linux's own figure, which leaves out what came before exec. */
function peakRss(): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))![1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

/** The child's answer, its last line; then the process ends, whatever threads a peer may have left. */
export function answer(result: Answer): void {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

/** Uniform numbers from `offset` to `offset + scale`, for made-up images and weights; nobody here needs better ones. */
export const noise = (length: number, scale = 1, offset = 0): Float32Array<ArrayBuffer> =>
  fill(new Float32Array(length), scale / 2 ** 32, offset);

/** The same as bytes, without a detour over floats that would count as memory used. */
export const noiseBytes = (length: number): Uint8Array<ArrayBuffer> => fill(new Uint8Array(length), 2 ** -24, 0);

function fill<Numbers extends Float32Array | Uint8Array>(numbers: Numbers, scale: number, offset: number): Numbers {
  let state = 1;
  for (let i = 0; i < numbers.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    numbers[i] = state * scale + offset;
  }
  return numbers;
}
