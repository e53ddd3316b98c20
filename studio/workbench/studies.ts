// Studies: those beside the runs, those of storages that were opened, and the calls about them.
import { FoveaError } from "fovea";
import {
  loadStudyData,
  readSpec,
  refuseErrors,
  type StudyData,
  type StudyDataOptions,
  specProgram,
  storedJournal,
  studyFolder,
  studyReportFacts,
  type TuneSpec,
  trialRecipe,
  withOpenSplit,
  withSettledSplit,
} from "fovea/experiment";
import { filesHere } from "fovea/files";
import type { Handlers } from "../contract/calls.js";
import type { JobFacts } from "../contract/facts.js";
import type { FileContent } from "../contract/files.js";
import type { STUDY_CALLS, TuneSettings } from "../contract/study-calls.js";
import type { ImportanceFacts, StudyList } from "../contract/study-facts.js";
import type { Disk } from "./disk.js";
import type { Jobs } from "./jobs.js";
import type { Project } from "./project.js";
import type { Projects } from "./projects.js";
import type { RunQueue } from "./run-queue.js";
import { checkedUrl, JOURNAL, STUDIES, Storages, storageAt } from "./storages.js";
import { importanceOf } from "./study-importance.js";
import { codeOfSpec, specOf } from "./study-spec.js";
import { type TuneOptions, tuneStudy } from "./tuning.js";
import { studyId, WatchedStudy } from "./watched-study.js";

/** The parts of the workbench that studies need. */
export interface StudyBench {
  readonly disk: Disk;
  readonly threads: number | undefined;
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly runs: RunQueue;
}

export class Studies {
  readonly #storages = new Storages();
  readonly #watched = new Map<string, WatchedStudy>();
  /** URLs of storages that somebody opened, besides those beside the runs. */
  readonly #opened = new Set<string>();
  /** Studies that were begun here; their storages may not be there before their turn comes. */
  readonly #beginning = new Set<string>();
  readonly #importances = new Map<string, { readonly complete: number; readonly facts: Promise<ImportanceFacts> }>();

  constructor(readonly bench: StudyBench) {}

  close(): Promise<void> {
    return this.#storages.close();
  }

  readonly handlers: Pick<Handlers, keyof typeof STUDY_CALLS> = {
    studies: async ({ project }) => this.#list(await this.#urlsFor(this.bench.projects.get(project))),
    openStorage: async ({ storage }) => {
      const url = await checkedUrl(storage, this.bench.disk);
      const found = await this.#studiesAt(url);
      this.#opened.add(url);
      return { studies: found.map(({ summary }) => summary), problems: [] };
    },
    study: async ({ study: id, since }) => {
      const study = await this.#study(id);
      try {
        await study.refresh();
      } catch (error) {
        if (this.#beginning.has(id) && !study.wasRead) return null;
        throw error;
      }
      return study.view(since);
    },
    trial: async ({ study: id, trial }) => {
      const study = await this.#study(id);
      await study.refresh();
      return study.details(trial);
    },
    importance: async ({ study: id, objective }) => this.#importance(await this.#study(id), objective),
    tune: async ({ project: id, settings }) => this.#begin(this.bench.projects.get(id), settings),
    tuneOn: async ({ project, study: id, trials }) =>
      this.#goOn(this.bench.projects.get(project), await this.#study(id), trials),
    promote: async ({ study: id, trial }) => this.#promote(await this.#study(id), trial),
    tuneCode: async ({ project, study: id, settings }) => {
      if (settings !== undefined) return codeOfSpec(await specOf(this.bench.projects.get(project), settings));
      const study = id === undefined ? undefined : await this.#study(id);
      const { spec } = study ?? {};
      if (study === undefined || spec === undefined) return { typescript: "", commands: "" };
      const { storage } = study.summary;
      const isBesideRuns = storage === `journal://${await this.#folder()}/${study.name}/${JOURNAL}`;
      return codeOfSpec(JSON.parse(JSON.stringify(spec)), isBesideRuns ? undefined : storage);
    },
  };

  /** The report of a study as a page of its own. */
  async report(id: string): Promise<FileContent> {
    const study = await this.#study(id);
    await study.refresh();
    // The drawing of reports is large code that is seldom needed.
    const { renderStudyPage } = await import("fovea/report");
    const { html } = await renderStudyPage(studyReportFacts(study.study, study.url));
    return { bytes: new TextEncoder().encode(html), type: "text/html; charset=utf-8", name: `${study.name}.html` };
  }

  /** The storages of a project: of one that is a study its own, else those beside the runs and those that were opened. */
  async #urlsFor(project: Project): Promise<string[]> {
    if (project.kind === "study" && project.path !== undefined) {
      const url = await storageAt(project.path);
      return url === undefined ? [] : [url];
    }
    const folder = await this.#folder();
    const entries = (await filesHere.exists(folder)) ? await filesHere.listDirectory(folder) : [];
    const urls: string[] = [];
    for (const { name, isDirectory } of entries)
      if (isDirectory && (await filesHere.exists(`${folder}/${name}/${JOURNAL}`)))
        urls.push(`journal://${folder}/${name}/${JOURNAL}`);
    return [...new Set([...urls, ...this.#opened])];
  }

  /** The folder of the studies beside the runs, as the disk has it. */
  async #folder(): Promise<string> {
    const { disk } = this.bench;
    const path = `${disk.home}/${STUDIES}`;
    return disk.resolve(path).catch(() => path);
  }

  async #list(urls: readonly string[]): Promise<StudyList> {
    const problems: string[] = [];
    const found: WatchedStudy[] = [];
    for (const url of urls) {
      try {
        found.push(...(await this.#studiesAt(url)));
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { studies: found.map(({ summary }) => summary), problems };
  }

  /** The studies of a storage, as they are now. */
  async #studiesAt(url: string): Promise<WatchedStudy[]> {
    const records = await (await this.#storages.reading(url)).studies();
    const studies = records.map(({ name }) => this.#watch(url, name));
    for (const study of studies) await study.refresh();
    return studies;
  }

  #watch(url: string, name: string): WatchedStudy {
    const id = studyId(url, name);
    const study = this.#watched.get(id) ?? new WatchedStudy(url, name, this.#storages);
    this.#watched.set(id, study);
    return study;
  }

  /** A study by its name in addresses; those beside the runs are looked for. @throws FoveaError where there is none */
  async #study(id: string): Promise<WatchedStudy> {
    const known = this.#watched.get(id);
    if (known !== undefined) return known;
    const folder = await this.#folder();
    const entries = (await filesHere.exists(folder)) ? await filesHere.listDirectory(folder) : [];
    for (const { name } of entries) {
      const url = `journal://${folder}/${name}/${JOURNAL}`;
      if (!(await filesHere.exists(`${folder}/${name}/${JOURNAL}`))) continue;
      const found = (await this.#studiesAt(url).catch(() => [])).find((study) => study.id === id);
      if (found !== undefined) return found;
    }
    throw new FoveaError("unknown-entry", `there is no study ${id} here; open its storage again`);
  }

  /** Importances, computed again when a tenth more trials are complete. */
  async #importance(study: WatchedStudy, objective: number): Promise<ImportanceFacts> {
    const { complete } = study.summary.counts;
    const key = `${study.id} ${objective}`;
    const known = this.#importances.get(key);
    if (known !== undefined && complete < known.complete * 1.1) return known.facts;
    const facts = importanceOf(study.trials, study.study.directions, objective);
    this.#importances.set(key, { complete, facts });
    facts.catch(() => this.#importances.delete(key));
    return facts;
  }

  async #begin(project: Project, settings: TuneSettings): Promise<JobFacts> {
    const spec = withOpenSplit(readSpec(await specOf(project, settings)));
    const url = await this.#placeFor(spec.study, settings.storage);
    return this.#start(project, url, spec, (data) => withSettledSplit(spec, data));
  }

  /** The URL of a new study's storage; its folder is there. */
  async #placeFor(study: string, storage: string | undefined): Promise<string> {
    const { disk } = this.bench;
    if (storage !== undefined) return checkedUrl(storage, disk, true);
    const folder = `${disk.home}/${studyFolder(study)}`;
    await filesHere.makeDirectory(folder);
    return checkedUrl(`journal://${folder}/${JOURNAL}`, disk, true);
  }

  async #goOn(project: Project, study: WatchedStudy, trials: number): Promise<JobFacts> {
    await study.refresh();
    const spec = this.#specOf(study);
    const more = { ...spec, trials };
    const begunWith = storedJournal({ userAttributes: study.attributes });
    return this.#start(project, study.url, more, () => more, begunWith);
  }

  #start(
    project: Project,
    url: string,
    spec: TuneSpec,
    settled: (data: StudyData) => TuneSpec,
    begunWith?: ReturnType<typeof storedJournal>,
  ): JobFacts {
    const { study: name, trials } = spec;
    const { id: study } = this.#watch(url, name);
    this.#beginning.add(study);
    const prepare: TuneOptions["prepare"] = async (onProgress) => {
      const data = await this.#data(spec, { onProgress, ...(begunWith === undefined ? {} : { begunWith }) });
      try {
        if (begunWith === undefined) refuseErrors(data.findings);
        const program = await specProgram(settled(data), data);
        return { program, storage: await this.#storages.writing(url) };
      } catch (error) {
        await data.close();
        throw error;
      }
    };
    return this.bench.jobs.queue({ project: project.id, kind: "tune", study, name, total: trials }, (job) =>
      tuneStudy(job, { trials, threads: this.bench.threads, prepare }),
    );
  }

  /** The spec that a study remembers, whose data may be opened. @throws FoveaError for a study of a module */
  #specOf(study: WatchedStudy): TuneSpec {
    const { spec } = study;
    if (spec !== undefined) return spec;
    throw new FoveaError(
      "missing-option",
      `study "${study.name}": it was not begun with a JSON spec, so its storage does not name the objective; ` +
        "continue it with fovea tune run, on the machine with its module",
    );
  }

  /** The data of a spec: paths below the folders that may be opened only. */
  async #data(spec: TuneSpec, options: StudyDataOptions): Promise<StudyData> {
    const { data, training } = spec;
    const shared = { ...options, batchSize: training.batchSize };
    if ("table" in data) return loadStudyData({ ...data, table: await this.bench.disk.resolve(data.table) }, shared);
    const images = await this.bench.disk.resolve(data.images);
    const project = await this.bench.projects.open(images);
    // Files of a page have no path that could be opened again.
    const opened =
      typeof project.sources.train === "string"
        ? {}
        : { sources: project.sources, journal: project.usesJournal ? await project.labels.read() : undefined };
    return loadStudyData({ ...data, images }, { ...shared, ...opened });
  }

  async #promote(study: WatchedStudy, number: number): Promise<JobFacts> {
    await study.refresh();
    const spec = this.#specOf(study);
    const record = study.record(number);
    if ("table" in spec.data)
      throw new FoveaError(
        "unsuited-data",
        `study "${study.name}": it is of a table, and runs of trials are of images; fovea tune rebuild makes its model`,
      );
    if (record.state !== "complete")
      throw new FoveaError("unfinished", `trial ${number} is ${record.state}; only a complete trial can become a run`);
    const begunWith = storedJournal({ userAttributes: study.attributes });
    const project = await this.bench.projects.open(await this.bench.disk.resolve(spec.data.images));
    const name = studyFolder(study.name).slice(STUDIES.length + 1);
    const trial = `${name}-trial-${number}`;
    const names = (n: number): string => (n === 1 ? trial : `${trial}-${n}`);
    return this.bench.runs.train(project, names, spec.training, async (onProgress) => {
      const data = await this.#data(spec, { onProgress, begunWith });
      try {
        const complete = study.trials.filter(({ state }) => state === "complete").length;
        return { recipe: await trialRecipe(spec, record, data, complete), data: data.images! };
      } catch (error) {
        await data.close();
        throw error;
      }
    });
  }
}
