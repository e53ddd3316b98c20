// Trainings that wait for their turn: each has a name that no other run has, and becomes a run of its project.
import type { Runtime } from "fovea";
import type { JobFacts } from "../contract/facts.js";
import type { TrainSettings } from "../contract/training-calls.js";
import type { Disk } from "./disk.js";
import type { Jobs } from "./jobs.js";
import type { Project } from "./project.js";
import type { Projects } from "./projects.js";
import { runDetails } from "./runs.js";
import { type Prepare, trainRun } from "./training.js";

/** The parts of the workbench that training needs. */
export interface RunBench {
  readonly disk: Disk;
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly runtime: Runtime;
}

export class RunQueue {
  /** Names of runs that were given out, of which some are not trained yet. */
  readonly #names = new Set<string>();

  constructor(readonly bench: RunBench) {}

  /** Puts a training into the queue, whose run is kept under the first of some names that is free. */
  async train(
    project: Project,
    names: (n: number) => string,
    settings: Pick<TrainSettings, "epochs" | "batchSize">,
    prepare: Prepare,
  ): Promise<JobFacts> {
    const { disk, jobs, runtime } = this.bench;
    const name = await this.#freeName(names);
    const path = `${disk.home}/runs/${name}`;
    const { epochs } = settings;
    return jobs.queue({ project: project.id, kind: "train", name, total: 0, epochs }, async (job) => {
      await trainRun(job, path, settings, prepare, runtime);
      await this.#keepRun(project, name, path);
    });
  }

  /** The first of some names that no run has, nor one that waits for its turn. */
  async #freeName(names: (n: number) => string): Promise<string> {
    const { disk, projects } = this.bench;
    for (let n = 1; ; n++) {
      const name = names(n);
      if (this.#names.has(name) || projects.hasRun(name)) continue;
      this.#names.add(name);
      if (!(await disk.exists(`${disk.home}/runs/${name}`))) return name;
    }
  }

  /** Keeps a run that has ended, and its figure for the list of projects. */
  async #keepRun(project: Project, name: string, path: string): Promise<void> {
    const { projects } = this.bench;
    const run = projects.addRun(project, name, path);
    const { metrics } = await runDetails(path, run, project);
    const [key, value] = Object.entries(metrics.test ?? {}).find(([measure]) => measure !== "loss") ?? [];
    if (value !== undefined) await projects.noteFigure(project.id, `test ${key} ${value.toFixed(3)}`);
  }
}
