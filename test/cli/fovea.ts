// The compiled command line as a child process, in a temporary folder of its own.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { type CommandLine, END } from "./command-line.js";

const MAIN = fileURLToPath(new URL("../../command/main.js", import.meta.url));
const HOST = fileURLToPath(new URL("./command-host.js", import.meta.url));

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
        listeners = listeners.filter((listener) => listener !== look);
        resolve();
      };
      listeners.push(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${what}:\n${stdout}\n${stderr}`)));
    });
  return { process: child, ended, said };
}

/** Hosts of this test file: whether each waits for a command. */
const waiting = new Map<ChildProcess, boolean>();
after(() => {
  for (const host of waiting.keys()) host.kill();
});

/** User who runs a command; by default the one who runs the tests. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

function newHost(user: User): ChildProcess {
  const host = fork(HOST, { stdio: ["ignore", "pipe", "pipe", "ipc"], ...user });
  host.stdout!.setEncoding("utf8");
  host.stderr!.setEncoding("utf8");
  host.on("exit", () => waiting.delete(host));
  return host;
}

/**
 * Runs a command to its end, in a process that has run the commands before it: starting one takes longer than most commands
 * do. Where the process itself is the point, `start` has one of its own.
 */
export const fovea = (cwd: string, ...args: readonly string[]): Promise<Ended> => foveaOf({}, cwd, ...args);

/** The same for another user; the tests of a file have one. */
export function foveaOf(user: User, cwd: string, ...args: readonly string[]): Promise<Ended> {
  const host = [...waiting].find(([, waits]) => waits)?.[0] ?? newHost(user);
  waiting.set(host, false);
  const said = { stdout: "", stderr: "" };
  return new Promise<Ended>((resolve, reject) => {
    for (const name of ["stdout", "stderr"] as const)
      host[name]!.removeAllListeners("data").on("data", (text: string) => {
        said[name] += text;
        if (!text.endsWith("\0")) return;
        const [out, error] = [END.exec(said.stdout.slice(-9)), END.exec(said.stderr.slice(-9))];
        if (out === null || error === null) return;
        waiting.set(host, true);
        resolve({
          code: Number(out[1]),
          signal: null,
          stdout: said.stdout.slice(0, -out[0].length),
          stderr: said.stderr.slice(0, -error[0].length),
        });
      });
    host.removeAllListeners("error").on("error", reject);
    // A command that ends its process.
    host.removeAllListeners("close").on("close", (code, signal) => resolve({ code, signal, ...said }));
    const line: CommandLine = { cwd, args, env: { ...process.env, FOVEA_CACHE: join(cwd, ".cache") } };
    host.send(line);
  });
}
