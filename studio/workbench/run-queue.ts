// Trainings that wait for their turn: each has a name that no other run has, and becomes a run of its project.
import { FoveaError, type Runtime } from "fovea";
import { progressOf, RunFolder } from "fovea/experiment";
import type { JobFacts, UnfinishedRun } from "../contract/facts.js";
import type { TrainSettings } from "../contract/training-calls.js";
import type { Disk } from "./disk.js";
import type { Jobs } from "./jobs.js";
import type { Project } from "./project.js";
import type { Projects } from "./projects.js";
import { runDetails, unfinishedRun } from "./runs.js";
import { type Prepare, preparedAgain, trainRun } from "./training.js";

/** The parts of the workbench that training needs. */
export interface RunBench {
  readonly disk: Disk;
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly runtime: Runtime;
  /** Bytes that the program holds now, where they can be told. */
  readonly memory: (() => number) | undefined;
}

export class RunQueue {
  /** Names of runs that were given out, of which some are not trained yet. */
  readonly #names = new Set<string>();

  constructor(readonly bench: RunBench) {}

  /** Puts a training into the queue, whose run is kept under the first of some names that is free. */
  async train(
    project: Project,
    names: (n: number) => string,
    { epochs }: Pick<TrainSettings, "epochs">,
    prepare: Prepare,
  ): Promise<JobFacts> {
    const { disk, jobs, projects } = this.bench;
    const name = await this.#freeName(names);
    const path = `${disk.home}/runs/${name}`;
    return jobs.queue({ project: project.id, kind: "train", name, total: 0, epochs }, async (job) => {
      // It is noted before it begins, for the program may end before the run does.
      const run = projects.addRun(project, name, path);
      try {
        await trainRun(job, path, prepare, { ...this.bench, project });
        await this.#noteFigure(project, run, path);
      } finally {
        if (!(await disk.exists(path))) projects.dropRun(project, run);
      }
    });
  }

  /** Puts a run that was broken off into the queue. @throws FoveaError for one that has ended, or is at work */
  async resume(project: Project, run: string): Promise<JobFacts> {
    const { jobs, projects } = this.bench;
    const path = projects.runPath(run);
    if (this.#isAtWork(project.id, run))
      throw new FoveaError("already-ended", `${run} is trained already; stop it first`);
    const folder = await RunFolder.open(path);
    const { hasEnded, history, epochs: epoch, ofEpochs: epochs } = await progressOf(folder);
    if (hasEnded) throw new FoveaError("already-ended", `${run} has ended; train a new run instead`);
    const facts = { project: project.id, kind: "train", name: run, total: 0, epochs, epoch, history } as const;
    return jobs.queue(facts, async (job) => {
      await trainRun(job, folder, preparedAgain(project, folder), { ...this.bench, project });
      await this.#noteFigure(project, run, path);
    });
  }

  /** The runs of a project that were broken off. */
  async unfinished({ id: project }: Project): Promise<UnfinishedRun[]> {
    const left = (await this.bench.projects.unfinishedOf(project)).filter(({ id }) => !this.#isAtWork(project, id));
    return Promise.all(left.map(({ id, path }) => unfinishedRun(id, path)));
  }

  #isAtWork(project: string, run: string): boolean {
    return this.bench.jobs.atWork.some((job) => job.kind === "train" && job.project === project && job.name === run);
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

  /** Notes the figure of a run that has ended, for the list of projects. */
  async #noteFigure(project: Project, run: string, path: string): Promise<void> {
    const { metrics } = await runDetails(path, run, project);
    const [key, value] = Object.entries(metrics.test ?? {}).find(([measure]) => measure !== "loss") ?? [];
    if (value !== undefined) await this.bench.projects.noteFigure(project.id, `test ${key} ${value.toFixed(3)}`);
  }
}
