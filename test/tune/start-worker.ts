// Starts test/tune/worker.ts and listens to which trials it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./worker.js", import.meta.url));

export interface Worker {
  readonly process: ChildProcess;
  /** Numbers of trials that it ended, so far. */
  readonly ended: number[];
  /** Its exit code, or the signal that killed it; and what it wrote to stderr. */
  readonly over: Promise<{ code: number | string; errors: string }>;
  /** Kills it as no process can prevent, once it has ended so many trials. */
  killAfter(trials: number): Promise<void>;
}

export function startWorker(url: string, name: string, total: number, parallel: number | "async"): Worker {
  const child = spawn(process.execPath, [script, url, name, String(total), String(parallel)]);
  const ended: number[] = [];
  const watchers: (() => void)[] = [];
  let errors = "";
  let line = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  child.stdout.on("data", (data: Buffer) => {
    const lines = (line + data.toString()).split("\n");
    line = lines.pop()!;
    ended.push(...lines.map(Number));
    for (const watch of watchers) watch();
  });
  const over = new Promise<{ code: number | string; errors: string }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code: code ?? signal ?? "?", errors }));
  });
  return {
    process: child,
    ended,
    over,
    async killAfter(trials) {
      await Promise.race([
        over,
        new Promise<void>((enough) => watchers.push(() => ended.length >= trials && enough())),
      ]);
      child.kill("SIGKILL");
      await over;
    },
  };
}
