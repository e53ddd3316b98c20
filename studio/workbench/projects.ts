// The projects of a workbench: opened by their paths, found again by their names in addresses, with the runs that were
// made of them. The list of open projects is stored, so that neither a reload nor a new start loses any.
import { FoveaError } from "fovea";
import { encodePng, loadImage } from "fovea/data";
import { journalPath, RunFolder, recipeOf } from "fovea/experiment";
import { filesHere } from "fovea/files";
import type { RecentFacts } from "../contract/data-facts.js";
import type { ProjectFacts } from "../contract/facts.js";
import type { GeneratedSet } from "../contract/opening-calls.js";
import type { Disk } from "./disk.js";
import type { Drawing } from "./generated.js";
import { isModelArchive, looksLikeModel, modelWords } from "./model-project.js";
import { nameHash } from "./name-hash.js";
import { openProject, Project } from "./project.js";
import { type KeptProject, MOST_RUNS, Register } from "./register.js";
import { storageAt } from "./storages.js";

/** Pixels along each side of the picture of a project. */
const THUMBNAIL = 80;

/** Runs of a project that are looked at for its card. */
const RECENT_RUNS = 20;

interface KnownRun {
  readonly project: string;
  readonly path: string;
}

/** A run by its name in addresses, and its folder. */
export interface RunPlace {
  readonly id: string;
  readonly path: string;
}

export class Projects {
  readonly #open = new Map<string, Project>();
  readonly #opening = new Map<string, Promise<Project>>();
  readonly #runs = new Map<string, KnownRun>();
  readonly #register: Register;

  /** @param onOpened hears of each project that is opened */
  constructor(
    readonly disk: Disk,
    readonly onOpened: (facts: ProjectFacts) => void,
  ) {
    this.#register = new Register(`${disk.home}/.fovea-studio.json`);
  }

  get list(): readonly Project[] {
    return [...this.#open.values()];
  }

  /** A project that is open. @throws FoveaError where it is not */
  get(id: string): Project {
    const project = this.#open.get(id);
    if (project === undefined)
      throw new FoveaError("unknown-entry", `there is no project ${id}; open its folder again`);
    return project;
  }

  /** A project that is open, or was before. @throws FoveaError where there is none any more */
  async find(id: string): Promise<Project> {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const kept = (await this.#register.list()).find((project) => project.id === id);
    if (kept === undefined) throw new FoveaError("unknown-entry", `there is no project ${id}; open its folder again`);
    return this.open(kept.path);
  }

  /** Opens a path: images of any source, or a run with its images. @throws FoveaError for what is neither */
  async open(path: string): Promise<Project> {
    const real = await this.disk.resolve(path);
    const known = this.list.find((project) => project.path === real);
    if (known !== undefined) return known;
    const opening = this.#opening.get(real) ?? this.#begin(real);
    this.#opening.set(real, opening);
    return opening.finally(() => this.#opening.delete(real));
  }

  /** Opens a project's data again, for there are more of them. Its images keep their numbers. */
  async renew({ name, path, run }: Project): Promise<Project> {
    if (path === undefined) throw new FoveaError("unknown-entry", `${name} has no path; open it again`);
    const renewed = await this.#begin(await this.disk.resolve(path));
    renewed.run = run;
    return renewed;
  }

  /** The name in addresses of what lies at a path; undefined where nothing does. */
  async idOf(path: string): Promise<string | undefined> {
    const real = await this.disk.resolve(path).catch(() => undefined);
    return real === undefined ? undefined : optionsOf(real).id;
  }

  /** Opens a generated set, which is drawn where it is not there yet. @throws the signal's reason */
  async generate(name: GeneratedSet, drawing: Drawing): Promise<Project> {
    return this.open(await this.disk.generate(name, drawing));
  }

  async #begin(path: string): Promise<Project> {
    if (await filesHere.exists(`${path}/recipe.json`)) return this.#openRun(path);
    if ((await storageAt(path)) !== undefined) return this.#openStudy(path);
    if (await looksLikeModel(path)) return this.#openModel(path);
    const data = await this.disk.openData(path).catch(async (failure: unknown) => {
      if (await isModelArchive(path)) return undefined;
      throw failure;
    });
    if (data === undefined) return this.#openModel(path);
    const project = await openProject(optionsOf(path), data, (file) => this.disk.readBytes(file));
    return this.#added(project, path);
  }

  /** Opens a model that no run here has made, such as an export of Teachable Machine. It stands for its one run. */
  async #openModel(path: string): Promise<Project> {
    const options = { ...optionsOf(path), ...(await modelWords(path)), kind: "model" as const };
    const project = new Project(options, { sources: { train: path }, folders: [] });
    await project.openLabels(await journalPath(path), (file) => this.disk.readBytes(file));
    project.run = this.addRun(project, options.name, path);
    return this.#added(project, path);
  }

  /** Opens a study: its folder, a journal or a database. */
  async #openStudy(path: string): Promise<Project> {
    const options = { ...optionsOf(path), kind: "study" as const };
    const project = new Project(options, { sources: { train: path }, folders: [] });
    await project.openLabels(`${path}.labels.journal`, (file) => this.disk.readBytes(file));
    return this.#added(project, path);
  }

  /** Opens a run with its images, where they still lie where its recipe says. */
  async #openRun(path: string): Promise<Project> {
    const { data } = await recipeOf(await RunFolder.open(path));
    const train = await this.#dataOf(data, path);
    const id = path.split(/[\\/]/).at(-1)!;
    if (train !== undefined) {
      const project = await this.open(train);
      project.run = this.addRun(project, id, path);
      project.isRunUnfinished = await isUnfinished(path);
      return project;
    }
    const sentence = `The images of this run are not at ${data.train.path} any more, or lie outside of the folders that this Studio was started for.`;
    const options = { ...optionsOf(path), kind: "run" as const, sentence };
    const project = new Project(options, { sources: { train: data.train.path }, folders: [] });
    await project.openLabels(`${path}/labels.journal`, (file) => this.disk.readBytes(file));
    await this.#added(project, path);
    project.run = this.addRun(project, id, path);
    return project;
  }

  /** The folder or file of a run's data: of several parts the folder around them; undefined where it is gone or outside. */
  async #dataOf(data: Awaited<ReturnType<typeof recipeOf>>["data"], run: string): Promise<string | undefined> {
    const paths = [data.train, data.validation, data.test].flatMap((part) => (part === undefined ? [] : [part.path]));
    const around = new Set(paths.map((path) => path.replace(/[\\/][^\\/]*$/, "")));
    const [above] = around;
    const wanted = paths.length > 1 && around.size === 1 ? [above!, paths[0]!] : [paths[0]!];
    const bases = ["", `${run}/../`, `${run}/../../`];
    for (const path of wanted)
      for (const base of /^([\\/]|[A-Za-z]:)/.test(path) ? [""] : bases) {
        const real = await this.disk.resolve(base + path).catch(() => undefined);
        if (real !== undefined && (await this.disk.openData(real).catch(() => undefined)) !== undefined) return real;
      }
    return undefined;
  }

  async #added(project: Project, path: string): Promise<Project> {
    this.#open.set(project.id, project);
    const kept = (await this.#register.list()).find(({ id }) => id === project.id);
    for (const { id, path: run } of kept?.runs ?? []) {
      const real = await this.disk.resolve(run).catch(() => undefined);
      if (real !== undefined) this.#runs.set(id, { project: project.id, path: real });
    }
    const { id, name, kind, facts } = project;
    const when = new Date().toISOString();
    await this.#register.note(id, (before) => ({
      ...{ id, name, kind, path, images: facts.images, when },
      runs: before?.runs ?? [],
      ...(before?.figure === undefined ? {} : { figure: before.figure }),
      ...(before?.thumbnail === undefined ? {} : { thumbnail: before.thumbnail }),
    }));
    if (kept?.thumbnail === undefined) this.#drawn(project).catch(() => undefined);
    this.onOpened(project.facts);
    return project;
  }

  /** Keeps a small picture of a project. */
  async #drawn(project: Project): Promise<void> {
    if (project.facts.images === 0) return;
    const source = await project.bytes(0);
    const image = await loadImage(source, { height: THUMBNAIL, width: THUMBNAIL, crop: "center" });
    const png = encodePng(image);
    const thumbnail = `data:image/png;base64,${btoa(String.fromCharCode(...png))}`;
    await this.#register.update(project.id, (before) => ({ ...before, thumbnail }));
  }

  /** Notes a run of a project. @returns its id, which no run of another folder has */
  addRun(project: Project, name: string, path: string): string {
    let id = name;
    for (let n = 2; this.#runs.has(id) && this.#runs.get(id)!.path !== path; n++) id = `${name}-${n}`;
    this.#runs.set(id, { project: project.id, path });
    this.#register.update(project.id, (before) => ({
      ...before,
      runs: [...before.runs.filter((run) => run.id !== id), { id, path }].slice(-MOST_RUNS),
    }));
    return id;
  }

  /** Notes the last figure of a project in words. */
  noteFigure(project: string, figure: string): Promise<void> {
    return this.#register.update(project, (before) => ({ ...before, figure, when: new Date().toISOString() }));
  }

  /** Forgets a run that has left nothing. */
  dropRun(project: Project, id: string): void {
    this.#runs.delete(id);
    this.#register.update(project.id, (before) => ({ ...before, runs: before.runs.filter((run) => run.id !== id) }));
  }

  /** The runs of a project that have ended and are still there. */
  async runsOf(project: string): Promise<RunPlace[]> {
    return this.#runsWhere(project, (path) => filesHere.exists(`${path}/facts.json`));
  }

  /** The runs of a project that have begun and not ended. */
  async unfinishedOf(project: string): Promise<RunPlace[]> {
    return this.#runsWhere(project, isUnfinished);
  }

  async #runsWhere(project: string, isWanted: (path: string) => Promise<boolean>): Promise<RunPlace[]> {
    const known = [...this.#runs].filter(([, run]) => run.project === project);
    const wanted = await Promise.all(known.map(([, { path }]) => isWanted(path)));
    return known.filter((_, at) => wanted[at]).map(([id, { path }]) => ({ id, path }));
  }

  hasRun(id: string): boolean {
    return this.#runs.has(id);
  }

  /** @throws FoveaError where there is no such run */
  runPath(id: string): string {
    const run = this.#runs.get(id);
    if (run === undefined) throw new FoveaError("unknown-entry", `there is no run ${id}`);
    return run.path;
  }

  /** Projects that were opened before, the last first, with the reason where one cannot be opened now. */
  async recent(): Promise<RecentFacts[]> {
    const kept = await this.#register.list();
    return Promise.all(kept.map((project) => this.#recent(project)));
  }

  async #recent({ id, runs, figure, thumbnail, ...facts }: KeptProject): Promise<RecentFacts> {
    const refused = await this.disk.resolve(facts.path).then(
      () => undefined,
      (error: unknown) => (error instanceof FoveaError ? error.message : String(error)),
    );
    const latest = refused === undefined ? runs.slice(-RECENT_RUNS) : [];
    const unfinished = (await Promise.all(latest.map(({ path }) => isUnfinished(path)))).filter(Boolean).length;
    return {
      ...facts,
      project: id,
      ...(unfinished === 0 ? {} : { unfinished }),
      ...(figure === undefined ? {} : { figure }),
      ...(thumbnail === undefined ? {} : { thumbnail }),
      ...(refused === undefined ? {} : { refused }),
    };
  }

  async forget(id: string): Promise<RecentFacts[]> {
    await this.#register.forget(id);
    return this.recent();
  }
}

/** Tells whether a folder has a run that has begun and not ended. */
const isUnfinished = async (path: string): Promise<boolean> =>
  (await filesHere.exists(`${path}/recipe.json`)) && !(await filesHere.exists(`${path}/facts.json`));

function optionsOf(path: string) {
  const file = path.split(/[\\/]/).at(-1)!;
  const name = file.replace(/\.zip$/i, "") || file;
  return { id: `${slugOf(name)}-${nameHash(path)}`, name, path };
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 24) || "data";
