// Opening: the first call of a page, paths of the disk, generated sets, what was opened before.
import { VERSION } from "fovea";
import type { Welcome } from "../../contract/facts.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "place" | "disk" | "projects" | "jobs" | "runtime">;

const ONE_THREAD = "one thread computes, for this page's server does not isolate it";

interface OpeningRoom extends Room<"opening"> {
  /** Opens what the program was started with. */
  readonly start: (path: string) => Promise<void>;
}

export function openingRoom({ place, disk, projects, jobs, runtime }: Needs): OpeningRoom {
  let opened: string | undefined;
  const welcome = (): Welcome => ({
    version: VERSION,
    place,
    ...(place === "static" && !globalThis.crossOriginIsolated ? { note: ONE_THREAD } : {}),
    threads: runtime.threads ?? 0,
    roots: disk.roots,
    projects: projects.list.map(({ facts }) => facts),
    jobs: jobs.facts,
    ...(opened === undefined ? {} : { opened }),
  });
  return {
    handlers: {
      hello: async () => welcome(),
      browse: async ({ path }) =>
        path === undefined ? disk.roots.map((root) => ({ name: root, path: root, isFolder: true })) : disk.list(path),
      open: async ({ path }) => (await projects.open(path)).facts,
      generate: async ({ name }) => {
        const job = jobs.add({ project: "", kind: "draw", name: `Drawing ${name}`, total: 0 });
        const { signal } = job;
        const onProgress = (done: number, total: number): void => job.change({ done, total });
        return (await job.work(() => projects.generate(name, { signal, onProgress }))).facts;
      },
      project: async ({ project }) => (await projects.find(project)).facts,
      recent: async () => projects.recent(),
      forget: async ({ project }) => projects.forget(project),
    },
    files: {},
    start: async (path) => {
      opened = (await projects.open(path)).id;
    },
  };
}
