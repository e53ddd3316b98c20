// A PostgreSQL server of a test's own, when the machine has PostgreSQL installed (Debian: apt install postgresql): a
// new cluster in a temporary folder, on a Unix socket there and a free port, gone when the test is over.
import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folder in which Debian keeps the server's programs; elsewhere they are on the path. */
const DEBIAN = "/usr/lib/postgresql";

function binaries(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...debian.map((version) => join(DEBIAN, version, "bin")), ...(process.env.PATH ?? "").split(":")];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")));
}

/** The reason why there can be no server here; `undefined` when there can. */
export const noPostgres: string | undefined =
  process.platform === "win32" || binaries() === undefined
    ? "PostgreSQL is not installed here (Debian: apt install postgresql)"
    : undefined;

/** The server refuses to run as root; Debian's package makes a user for it. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

export interface PostgresServer {
  /** The address of a database of this name, which is made if it is not there. */
  database(name: string): string;
  start(): void;
  /** Stops at once, as a crash would: connections break. */
  stop(): void;
  remove(): void;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries()!;
  const folder = mkdtempSync(join(tmpdir(), "fovea-postgres-"));
  const port = await freePort();
  const user = serverUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const call = (program: string, ...options: string[]): void => {
    const { status, stdout, stderr } = spawnSync(join(bin, program), options, {
      cwd: folder,
      encoding: "utf8",
      ...user,
    });
    if (status !== 0) throw new Error(`${program} failed: ${stdout}${stderr}`);
  };
  const cluster = join(folder, "cluster");
  const log = join(folder, "log");
  call("initdb", "--pgdata", cluster, "--username", "fovea", "--auth", "trust", "--no-sync", "--encoding", "UTF8");
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off`;
  const start = (): void => call("pg_ctl", "start", "--wait", "--pgdata", cluster, "--log", log, "--options", settings);
  const stop = (): void => call("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", cluster);
  start();
  const made = new Set<string>();
  return {
    database(name) {
      if (!made.has(name)) call("createdb", "--host", "127.0.0.1", "--port", String(port), "--username", "fovea", name);
      made.add(name);
      return `postgresql://fovea@127.0.0.1:${port}/${name}`;
    },
    start,
    stop,
    remove() {
      stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
