// Writes what TensorBoard shows, after every epoch: training and validation in folders of their own, so that both are
// drawn into the same charts. Each process that works on a run has files of its own.
import type { Callback, Logs } from "../../nn/callbacks/index.js";
import type { Files } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { joinPath } from "../../platform/paths.js";
import { epochScalars, eventFileHeader, eventFileName, scalarEvent } from "./tensorboard.js";

const nowInSeconds = (): number => Date.now() / 1000;

/**
 * The callback that `tensorBoard` makes: event files of each epoch.
 * @param trainFolder Folder of the event file of training.
 * @param validationFolder Folder of the event file of validation.
 * @param files The files to write to; default the disk.
 * @example await model.fit({ x: images, y: labels }, { callbacks: [new EventLog("logs/train", "logs/validation")] });
 */
export class EventLog implements Callback {
  readonly #paths = new Map<string, string>();

  constructor(
    readonly trainFolder: string,
    readonly validationFolder: string,
    readonly files: Files = filesHere,
  ) {}

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { train, validation } = epochScalars(logs);
    await this.#append(this.trainFolder, epoch, train);
    if (Object.keys(validation).length > 0) await this.#append(this.validationFolder, epoch, validation);
  }

  async #append(folder: string, step: number, values: Logs): Promise<void> {
    const wallTime = nowInSeconds();
    let file = this.#paths.get(folder);
    if (file === undefined) {
      file = joinPath(folder, eventFileName(wallTime));
      this.#paths.set(folder, file);
      await this.files.makeDirectory(folder);
      await this.files.appendToFile(file, eventFileHeader(wallTime));
    }
    await this.files.appendToFile(file, scalarEvent({ step, wallTime, values }));
  }
}

/**
 * Writes event files for `tensorboard --logdir DIR`: an epoch's scalars, under Keras's tags, into its folders `train` and
 * `validation`.
 * @param logDirectory The folder to pass to `tensorboard --logdir`.
 * @example await model.fit(data, { callbacks: [tensorBoard("logs/a")] })
 */
export const tensorBoard = (logDirectory: string): Callback =>
  new EventLog(joinPath(logDirectory, "train"), joinPath(logDirectory, "validation"));
