// The workbench: answers the page's calls with the library, holds what is opened, and tells what happens. It lives in the
// program of Node that serves the page, or in a worker of the page itself; the calls are the same. Its rooms answer.
import { type Runtime, runtime } from "fovea";
import type { Handlers } from "../contract/calls.js";
import type { News, Place, Told } from "../contract/facts.js";
import type { FileMakers } from "../contract/files.js";
import type { Disk } from "./disk.js";
import { Jobs } from "./jobs.js";
import { Models } from "./models.js";
import { type Picture, pictureOf } from "./pictures.js";
import { Projects } from "./projects.js";
import { type Answers, openRooms } from "./rooms/index.js";
import { RunQueue } from "./run-queue.js";

export interface WorkbenchOptions {
  readonly place: Place;
  readonly disk: Disk;
  /** Path of what the program was started with. */
  readonly open?: string | undefined;
  readonly threads?: number | undefined;
  /** Bytes that the program holds now. Default: they are not told. */
  readonly memory?: (() => number) | undefined;
}

export class Workbench {
  readonly #listeners = new Set<(news: News) => void>();
  readonly #runtime: Runtime;
  readonly #projects: Projects;
  readonly #jobs: Jobs;
  readonly #rooms: Answers;
  /** Number of the last news. */
  #told = 0;

  constructor(readonly options: WorkbenchOptions) {
    const { place, disk, threads, memory } = options;
    this.#runtime = runtime(threads === undefined ? {} : { threads });
    this.#projects = new Projects(disk, (project) => this.#tell({ kind: "project", project }));
    this.#jobs = new Jobs((job) => this.#tell({ kind: "job", job }));
    const shared = { disk, runtime: this.#runtime, projects: this.#projects, jobs: this.#jobs };
    this.#rooms = openRooms({
      ...shared,
      ...{ place, threads },
      runs: new RunQueue({ ...shared, memory }),
      models: new Models(this.#runtime),
      told: () => this.#told,
      changed: (project) => {
        const { facts } = project;
        this.#tell({ kind: "project", project: facts });
        return facts;
      },
    });
  }

  get handlers(): Handlers {
    return this.#rooms.handlers;
  }

  get files(): FileMakers {
    return this.#rooms.files;
  }

  /** Opens what the program was started with. */
  async start(): Promise<void> {
    if (this.options.open !== undefined) await this.#rooms.start(this.options.open);
  }

  async close(): Promise<void> {
    await this.#jobs.leave();
    await this.#rooms.close();
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

  #tell(told: Told): void {
    this.#told++;
    for (const listener of this.#listeners) listener({ ...told, number: this.#told });
  }
}
