// A room of the workbench: the answers to its calls, the makers of its files. Each is made with the bench, and says what it
// needs of it.
import type { Runtime } from "fovea";
import type { CALLS_OF_ROOMS, Handlers, RoomName } from "../../contract/calls.js";
import type { Place, ProjectFacts } from "../../contract/facts.js";
import type { FileKind, FileMakers } from "../../contract/files.js";
import type { Disk } from "../disk.js";
import type { Jobs } from "../jobs.js";
import type { Models } from "../models.js";
import type { Project } from "../project.js";
import type { Projects } from "../projects.js";
import type { RunQueue } from "../run-queue.js";

/** All that the rooms share. */
export interface Bench {
  readonly place: Place;
  readonly disk: Disk;
  readonly runtime: Runtime;
  readonly projects: Projects;
  readonly jobs: Jobs;
  readonly runs: RunQueue;
  readonly models: Models;
  /** Threads of trials; absent for the default. */
  readonly threads: number | undefined;
  /** Number of the last news. */
  told(): number;
  /** Tells everybody about a project that has changed. */
  changed(project: Project): ProjectFacts;
}

/** The answers to the calls of a room. */
export type RoomHandlers<R extends RoomName> = Pick<Handlers, keyof (typeof CALLS_OF_ROOMS)[R] & keyof Handlers>;

export interface Room<R extends RoomName, F extends FileKind = never> {
  readonly handlers: RoomHandlers<R>;
  readonly files: Pick<FileMakers, F>;
  /** Ends what the room holds open. */
  close?(): Promise<void>;
}
