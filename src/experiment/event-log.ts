// Writes what TensorBoard shows, after every epoch: training in the run's folder, validation in a folder below, so that
// both are drawn into the same charts. Each process that works on a run has files of its own.
import { epochScalars, eventFileHeader, eventFileName, scalarEvent } from "../formats/run/tensorboard.js";
import type { Callback, Logs } from "../nn/index.js";
import { appendToFile, makeDirectory } from "../platform/files.js";
import { joinPath } from "../platform/paths.js";

const nowInSeconds = (): number => Date.now() / 1000;

export class EventLog implements Callback {
  readonly #files = new Map<string, string>();

  constructor(readonly folder: string) {}

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { train, validation } = epochScalars(logs);
    await this.#append(this.folder, epoch, train);
    if (Object.keys(validation).length > 0) await this.#append(joinPath(this.folder, "validation"), epoch, validation);
  }

  async #append(folder: string, step: number, values: Logs): Promise<void> {
    const wallTime = nowInSeconds();
    let file = this.#files.get(folder);
    if (file === undefined) {
      file = joinPath(folder, eventFileName(wallTime));
      this.#files.set(folder, file);
      await makeDirectory(folder);
      await appendToFile(file, eventFileHeader(wallTime));
    }
    await appendToFile(file, scalarEvent({ step, wallTime, values }));
  }
}
