// The compiled command line as a child process, in a temporary folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is removed after the test; the cache of decoded images is in it as well. */
export function workplace(t: TestContext | { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), "fovea-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A command that is running in `cwd`, and how it will have ended. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr have said so. */
  said(what: RegExp): Promise<void>;
}

export function start(cwd: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...process.env, FOVEA_CACHE: join(cwd, ".cache") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let listeners: (() => void)[] = [];
  const heard = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = (what: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!what.test(stdout + stderr)) return;
        listeners = listeners.filter((one) => one !== look);
        resolve();
      };
      listeners.push(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${what}:\n${stdout}\n${stderr}`)));
    });
  return { process: child, ended, said };
}

/** Runs a command to its end. */
export const fovea = (cwd: string, ...args: readonly string[]): Promise<Ended> => start(cwd, ...args).ended;
