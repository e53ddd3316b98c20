// The engine of the lecture's pages: jobs computed by the package in a worker, which starts when a page first asks.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FromEngine, JobInput, JobName, JobOutput, JobProgress, ToEngine } from "./engine/jobs.ts";

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly tell: ((progress: unknown) => void) | undefined;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let next = 0;

function started(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(new URL("./engine/engine-worker.ts", import.meta.url), { type: "module", name: "engine" });
  worker.addEventListener("message", ({ data }: MessageEvent<FromEngine>) => hear(data));
  worker.addEventListener("error", (event) => {
    worker?.terminate();
    const error = new Error(event.message || "the engine of this page did not load; reload the page");
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = undefined;
  });
  return worker;
}

function hear(message: FromEngine): void {
  const asked = waiting.get(message.id);
  if (message.kind === "progress") {
    asked?.tell?.(message.progress);
    return;
  }
  waiting.delete(message.id);
  if (message.kind === "done") asked?.resolve(message.output);
  else asked?.reject(new Error(message.sentence));
}

export interface AskOptions<N extends JobName> {
  /** Hears what is known so far. */
  readonly onProgress?: (progress: JobProgress<N>) => void;
  /** Tells the job that nobody waits any more; it then ends when it next looks. */
  readonly signal?: AbortSignal;
}

/**
 * Has a job computed in the worker. @throws Error with the library's sentence
 * @example const { data } = await ask("picture", { name: "left", color: "rgb" });
 */
export function ask<N extends JobName>(
  name: N,
  input: JobInput<N>,
  { onProgress, signal }: AskOptions<N> = {},
): Promise<JobOutput<N>> {
  const engine = started();
  const id = next++;
  const say = (message: ToEngine): void => engine.postMessage(message);
  return new Promise((resolve, reject) => {
    waiting.set(id, {
      resolve: resolve as (output: unknown) => void,
      reject,
      tell: onProgress as ((progress: unknown) => void) | undefined,
    });
    say({ kind: "ask", id, name, input });
    signal?.addEventListener("abort", () => say({ kind: "stop", id }), { once: true });
  });
}

/** The newest result of a job, the input that it belongs to, and a sentence where the newest input failed. */
export interface Computed<N extends JobName> {
  readonly output?: JobOutput<N>;
  /** The input that `output` belongs to. */
  readonly input?: JobInput<N>;
  /** A sentence where the newest input could not be computed. */
  readonly error?: string;
  readonly isComputing: boolean;
}

/**
 * The result of a job for an input that changes while one touches the page: the newest input is computed, those that came
 * and went meanwhile are not. The last result stays until the next is there.
 * @param input plain data; undefined where there is nothing to compute yet.
 */
export function useEngine<N extends JobName>(name: N, input: JobInput<N> | undefined): Computed<N> {
  const [computed, setComputed] = useState<Omit<Computed<N>, "isComputing"> & { readonly key?: string }>({});
  const turn = useRef({ busy: false, wanted: "" });
  const key = input === undefined ? "" : JSON.stringify(input);
  useEffect(() => {
    turn.current.wanted = key;
    if (turn.current.busy || key === "") return;
    const compute = async (): Promise<void> => {
      turn.current.busy = true;
      for (let done = ""; done !== turn.current.wanted && turn.current.wanted !== ""; ) {
        const wanted = turn.current.wanted;
        const newest = JSON.parse(wanted) as JobInput<N>;
        await ask(name, newest).then(
          (output) => setComputed({ output, input: newest, key: wanted }),
          (error: Error) => setComputed((before) => ({ ...before, error: error.message, key: wanted })),
        );
        done = wanted;
      }
      turn.current.busy = false;
    };
    compute();
  }, [name, key]);
  useEffect(
    () => () => {
      turn.current.wanted = "";
    },
    [],
  );
  const { key: computedKey, ...known } = computed;
  return { ...known, isComputing: key !== "" && computedKey !== key };
}
