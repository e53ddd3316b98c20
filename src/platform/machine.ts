// The computer and the JavaScript engine that the program runs on, for reports of faults and of measurements.
import { isNode, nodeModule } from "./node.js";
import { relaxedSimd, sharedMemory } from "./wasm.js";
import { hardwareThreads } from "./workers.js";

interface MachineFacts {
  /** Versions of Node and V8; null in a browser. */
  readonly node: string | null;
  readonly v8: string | null;
  /** Operating system and processor architecture: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  readonly release: string;
  /** The processor's model as the system names it. */
  readonly cpu: string;
  /** Processors that the system shows. */
  readonly cores: number;
  /** Threads that compute unless another number is asked for. */
  readonly threads: number;
  /** Bytes of memory. */
  readonly memory: number;
  /** `fixed` 128-bit vectors are what the engine needs; `relaxed` ones are used in mode "fast". */
  readonly simd: "relaxed" | "fixed" | "none";
  /** True where threads can share memory; elsewhere one thread computes. */
  readonly sharedMemory: boolean;
  /** Flags of Node and V8 that the process was started with. */
  readonly flags: readonly string[];
}

/** A module with one instruction of fixed-width SIMD. */
const FIXED_SIMD = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 15, 0x0b],
);

/** Reads the facts about the machine and the engine. Writes nothing. */
export async function machineFacts(): Promise<MachineFacts> {
  const threads = await hardwareThreads();
  const hasWasm = typeof WebAssembly !== "undefined";
  const simd = !hasWasm || !WebAssembly.validate(FIXED_SIMD) ? "none" : (await relaxedSimd()) ? "relaxed" : "fixed";
  const common = { threads, simd, sharedMemory: sharedMemory() } as const;
  if (!isNode) {
    const browser = { node: null, v8: null, platform: "browser", arch: "", release: navigator.userAgent, cpu: "" };
    return { ...browser, cores: threads, memory: 0, flags: [], ...common };
  }
  const os = await nodeModule<typeof import("node:os")>("os");
  const cpus = os.cpus();
  const options = (process.env.NODE_OPTIONS ?? "").split(" ").filter((flag) => flag !== "");
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    release: os.release(),
    cpu: cpus[0]?.model.trim() ?? "",
    cores: cpus.length,
    memory: os.totalmem(),
    flags: [...options, ...process.execArgv],
    ...common,
  };
}
