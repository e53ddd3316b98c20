// Messages between a session and its worker threads.

export type ToWorker =
  | {
      readonly say: "load";
      readonly program: number;
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
    }
  | { readonly say: "unload"; readonly program: number }
  | { readonly say: "run"; readonly program: number; readonly thread: number; readonly scratch: number };

export type FromWorker = { readonly say: "done" } | { readonly say: "failed"; readonly reason: string };

/** The export of every generated module. */
export type Run = (thread: number, scratch: number) => void;

/** Instantiates a generated module over a memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Run {
  return new WebAssembly.Instance(module, { env: { memory } }).exports.run as Run;
}
