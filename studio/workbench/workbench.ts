// The workbench: answers the page's calls with the library, holds what is opened, and tells what happens. It lives in the
// program of Node that serves the page, or in a worker of the page itself; the calls are the same.
import { type Runtime, runtime, VERSION } from "fovea";
import { RunFolder } from "fovea/experiment";
import type { Handlers, TrainSettings } from "../contract/calls.js";
import type { JobFacts, News, Place, RunSummary, Welcome } from "../contract/facts.js";
import type { FileMakers } from "../contract/files.js";
import { BackgroundJob, type NewJob } from "./background-job.js";
import { type DataBench, dataHandlers } from "./data-handlers.js";
import type { Disk } from "./disk.js";
import { exampleHandlers } from "./example-handlers.js";
import { Examples } from "./examples.js";
import { judgePart } from "./judge.js";
import { lookAtProject } from "./look-job.js";
import { codeOfModel, modelFile, modelSummary } from "./model-project.js";
import { type AskedImage, Models } from "./models.js";
import { checkedPicture, type Picture, pictureOf } from "./pictures.js";
import { choicesOf, codeOfPlan, type PlanSettings } from "./plan.js";
import type { Project } from "./project.js";
import { Projects } from "./projects.js";
import { codeOfRun, runDetails, summaryOf } from "./runs.js";
import { Studies, type StudyBench } from "./studies.js";
import { type Prepare, preparedFrom, trainRun } from "./training.js";
import { Turns } from "./turns.js";

export interface WorkbenchOptions {
  readonly place: Place;
  readonly disk: Disk;
  /** Path of what the program was started with. */
  readonly open?: string | undefined;
  readonly threads?: number | undefined;
}

export class Workbench {
  readonly #projects: Projects;
  readonly #jobs = new Map<string, BackgroundJob>();
  /** Names of runs that were given out, of which some are not trained yet. */
  readonly #runNames = new Set<string>();
  /** One job at a time computes, the others wait. */
  readonly #queue = new Turns();
  readonly #listeners = new Set<(news: News) => void>();
  readonly #runtime: Runtime;
  readonly #models: Models;
  readonly #examples: Examples;
  readonly #studies: Studies;
  #opened: string | undefined;

  constructor(readonly options: WorkbenchOptions) {
    this.#runtime = runtime(options.threads === undefined ? {} : { threads: options.threads });
    this.#models = new Models(this.#runtime);
    this.#projects = new Projects(options.disk, (project) => this.#tell({ kind: "project", project }));
    this.#studies = new Studies(this.#studyBench());
    this.#examples = new Examples(options.disk.home);
    this.handlers = this.#answers();
  }

  /** Opens what the program was started with. */
  async start(): Promise<void> {
    if (this.options.open !== undefined) this.#opened = (await this.handlers.open({ path: this.options.open })).id;
  }

  async close(): Promise<void> {
    for (const job of this.#jobs.values()) job.leave();
    await this.#queue.ended();
    await this.#models.close();
    await this.#studies.close();
    await this.#runtime.close();
  }

  /** Tells what happens from now on. @returns a function that ends it */
  listen(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A picture of a project's image; undefined where there is none, or its file is gone. */
  async picture(id: string, index: number): Promise<Picture | undefined> {
    const project = this.#projects.list.find((known) => known.id === id);
    if (project === undefined || !Number.isInteger(index) || index < 0 || index >= project.facts.images)
      return undefined;
    try {
      const source = await project.bytes(index);
      return pictureOf(typeof source === "string" ? await this.options.disk.readBytes(source) : source);
    } catch {
      return undefined;
    }
  }

  readonly handlers: Handlers;

  #answers(): Handlers {
    const projects = this.#projects;
    return {
      ...dataHandlers(this.#dataBench()),
      ...this.#studies.handlers,
      ...exampleHandlers(this.#examples, projects),
      hello: async () => this.#welcome(),
      browse: async ({ path }) => {
        const { disk } = this.options;
        if (path !== undefined) return disk.list(path);
        return disk.roots.map((root) => ({ name: root, path: root, isFolder: true }));
      },
      open: async ({ path }) => (await projects.open(path)).facts,
      generate: async ({ name }) => {
        const job = this.#job({ project: "", kind: "draw", name: `Drawing ${name}`, total: 0 });
        const { signal } = job;
        const onProgress = (done: number, total: number): void => job.change({ done, total });
        return (await job.work(() => projects.generate(name, { signal, onProgress }))).facts;
      },
      project: async ({ project }) => (await projects.find(project)).facts,
      recent: async () => projects.recent(),
      forget: async ({ project }) => projects.forget(project),
      choices: async ({ project }) => choicesOf(this.#project(project)),
      train: async ({ project: id, settings }) => {
        const project = this.#project(id);
        const names = (n: number): string => `${project.name}-${settings.model}-${n}`;
        return this.#train(project, names, settings, preparedFrom(project, await this.#planned(settings)));
      },
      stop: async ({ job }) => {
        this.#jobs.get(job)?.stop();
        return null;
      },
      runs: async ({ project }) => this.#summaries(project),
      run: async ({ project, run }) => runDetails(this.#runPath(run), run, this.#project(project)),
      judge: async ({ project, run, part }) => {
        const path = this.#runPath(run);
        return this.#models.use(path, (model) => judgePart(path, this.#project(project), part, model));
      },
      predict: async ({ project: id, run, image }) => {
        const asked: AskedImage =
          typeof image === "number"
            ? this.#asked(this.#project(id), image)
            : { name: image.name, source: async () => Uint8Array.from(atob(image.base64), (c) => c.charCodeAt(0)) };
        return this.#models.predict(this.#runPath(run), asked);
      },
      code: async ({ project, run, settings }) => {
        if (settings !== undefined) return codeOfPlan(this.#project(project), await this.#planned(settings));
        if (run === undefined) return { typescript: "", commands: "" };
        return (this.#project(project).kind === "model" ? codeOfModel : codeOfRun)(this.#runPath(run));
      },
    };
  }

  /** Settings with the file of the opened model that is trained further. */
  async #planned(settings: TrainSettings): Promise<PlanSettings> {
    const { model, from } = settings;
    if (model !== "model" || from === undefined) return settings;
    const opened = await this.#projects.find(from);
    return { ...settings, weights: await modelFile(opened, this.options.disk.home, this.#runtime) };
  }

  /** Work in the background, in the list of jobs. */
  #job(facts: NewJob): BackgroundJob {
    const id = `job-${this.#jobs.size + 1}`;
    const job = new BackgroundJob({ id, ...facts }, (told) => this.#tell({ kind: "job", job: told }));
    this.#jobs.set(id, job);
    return job;
  }

  /** Puts work into the queue, and tells of it at once. */
  #enqueue(facts: NewJob, work: (job: BackgroundJob) => Promise<void>): JobFacts {
    const job = this.#job(facts);
    this.#tell({ kind: "job", job: job.facts });
    // The job's state says what went wrong.
    this.#queue.next(() => job.work(() => work(job))).catch(() => undefined);
    return job.facts;
  }

  /** Puts a training into the queue, whose run is kept under the first of some names that is free. */
  async #train(
    project: Project,
    names: (n: number) => string,
    settings: Pick<TrainSettings, "epochs" | "batchSize">,
    prepare: Prepare,
  ): Promise<JobFacts> {
    const name = await this.#freeName(names);
    const path = `${this.options.disk.home}/runs/${name}`;
    const { epochs } = settings;
    return this.#enqueue({ project: project.id, kind: "train", name, total: 0, epochs }, async (job) => {
      await trainRun(job, path, settings, prepare, this.#runtime);
      await this.#keepRun(project, name, path);
    });
  }

  /** The first of some names that no run has, nor one that waits for its turn. */
  async #freeName(names: (n: number) => string): Promise<string> {
    for (let n = 1; ; n++) {
      const name = names(n);
      if (this.#runNames.has(name) || this.#projects.hasRun(name)) continue;
      this.#runNames.add(name);
      if (!(await this.options.disk.exists(`${this.options.disk.home}/runs/${name}`))) return name;
    }
  }

  #studyBench(): StudyBench {
    return {
      disk: this.options.disk,
      threads: this.options.threads,
      project: (id) => this.#project(id),
      open: (path) => this.#projects.open(path),
      start: (facts, work) => this.#enqueue(facts, work),
      train: (project, names, training, prepare) => this.#train(project, names, training, prepare),
    };
  }

  #dataBench(): DataBench {
    return {
      project: (id) => this.#project(id),
      changed: (project) => {
        const { facts } = project;
        this.#tell({ kind: "project", project: facts });
        return facts;
      },
      startLook: (project) => {
        const total = project.facts.images;
        const job = this.#job({ project: project.id, kind: "look", name: `Looking at ${project.name}`, total });
        job.work(() => lookAtProject(project, job)).catch(() => undefined);
        return job.facts;
      },
      readBytes: (path) => this.options.disk.readBytes(path),
    };
  }

  readonly files: FileMakers = {
    explanation: async ({ project, run, image, method }) =>
      this.#models.explanation(this.#runPath(run), this.#asked(this.#project(project), Number(image)), method),
    export: async ({ run, format }) => this.#models.export(this.#runPath(run), run, format),
    study: async ({ study }) => this.#studies.report(study),
    example: async ({ set, file }) => checkedPicture(await this.#examples.readBytes(set, file)),
    report: async ({ run }) => ({
      bytes: await (await RunFolder.open(this.#runPath(run))).bytes("report"),
      type: "text/html; charset=utf-8",
    }),
  };

  #asked(project: Project, index: number): AskedImage {
    const { path, source } = project.image(index).image;
    return { name: path, source };
  }

  #welcome(): Welcome {
    const { place, disk } = this.options;
    return {
      version: VERSION,
      place,
      ...(place === "static" && !globalThis.crossOriginIsolated ? { note: ONE_THREAD } : {}),
      threads: this.#runtime.threads ?? 0,
      roots: disk.roots,
      projects: this.#projects.list.map(({ facts }) => facts),
      jobs: [...this.#jobs.values()].map(({ facts }) => facts),
      ...(this.#opened === undefined ? {} : { opened: this.#opened }),
    };
  }

  #project(id: string): Project {
    return this.#projects.get(id);
  }

  async #summaries(project: string): Promise<RunSummary[]> {
    const opened = this.#project(project);
    if (opened.kind === "model" && opened.run !== undefined)
      return [await modelSummary(this.#runPath(opened.run), opened.run, opened, this.#models)];
    const runs = await this.#projects.runsOf(project);
    return Promise.all(runs.map(async ({ id, path }) => summaryOf(await runDetails(path, id, this.#project(project)))));
  }

  #runPath(id: string): string {
    return this.#projects.runPath(id);
  }

  /** Keeps a run that has ended, and its figure for the list of projects. */
  async #keepRun(project: Project, name: string, path: string): Promise<void> {
    const run = this.#projects.addRun(project, name, path);
    const { metrics } = await runDetails(path, run, project);
    const [key, value] = Object.entries(metrics.test ?? {}).find(([measure]) => measure !== "loss") ?? [];
    if (value !== undefined) await this.#projects.noteFigure(project.id, `test ${key} ${value.toFixed(3)}`);
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

const ONE_THREAD = "one thread computes, for this page's server does not isolate it";
