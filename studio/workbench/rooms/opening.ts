// Opening: the first call of a page, paths of the disk, generated sets, what was opened before.
import { VERSION } from "fovea";
import type { Welcome } from "../../contract/facts.js";
import type { GeneratedSet } from "../../contract/opening-calls.js";
import { discardArchive } from "../archives.js";
import type { Project } from "../project.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "place" | "disk" | "projects" | "jobs" | "runtime" | "told">;

const ONE_THREAD = "one thread computes, for this page's server does not isolate it";

interface OpeningRoom extends Room<"opening"> {
  /** Opens what the program was started with. */
  readonly start: (path: string) => Promise<Project>;
}

export function openingRoom({ place, disk, projects, jobs, runtime, told }: Needs): OpeningRoom {
  let opened: string | undefined;
  const drawn = new Map<GeneratedSet, Promise<Project>>();
  /** Draws a set, or waits for the drawing of it that is under way: two pages may ask at once. */
  const draw = (name: GeneratedSet): Promise<Project> => {
    const known = drawn.get(name);
    if (known !== undefined) return known;
    const job = jobs.add({ project: "", kind: "draw", name: `Drawing ${name}`, total: 0 });
    const { signal } = job;
    const onProgress = (done: number, total: number): void => job.change({ done, total });
    const drawing = job.work(() => projects.generate(name, { signal, onProgress })).finally(() => drawn.delete(name));
    drawn.set(name, drawing);
    return drawing;
  };
  const welcome = (): Welcome => ({
    version: VERSION,
    place,
    ...(place === "static" && !globalThis.crossOriginIsolated ? { note: ONE_THREAD } : {}),
    threads: runtime.threads ?? 0,
    roots: disk.roots,
    projects: projects.list.map(({ facts }) => facts),
    jobs: jobs.facts,
    news: told(),
    ...(opened === undefined ? {} : { opened }),
  });
  return {
    handlers: {
      hello: async () => welcome(),
      browse: async ({ path }) =>
        path === undefined ? disk.roots.map((root) => ({ name: root, path: root, isFolder: true })) : disk.list(path),
      open: async ({ path, isBrought = false }) => {
        try {
          return (await projects.open(path)).facts;
        } catch (error) {
          if (isBrought) await discardArchive(disk.home, path);
          throw error;
        }
      },
      generate: async ({ name }) => (await draw(name)).facts,
      project: async ({ project }) => (await projects.find(project)).facts,
      recent: async () => projects.recent(),
      forget: async ({ project }) => projects.forget(project),
    },
    files: {},
    start: async (path) => {
      const project = await projects.open(path);
      opened = project.id;
      return project;
    },
  };
}
