// Writes what TensorBoard shows, after every epoch. Each process that works on a run has its own file in its folder,
// which TensorBoard puts together.
import { eventFileHeader, eventFileName, scalarEvent } from "../formats/run/tensorboard.js";
import type { Callback, Logs } from "../nn/index.js";
import { appendToFile } from "../platform/files.js";
import { joinPath } from "../platform/paths.js";

const nowInSeconds = (): number => Date.now() / 1000;

export class EventLog implements Callback {
  #path: string | undefined;

  constructor(readonly folder: string) {}

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const wallTime = nowInSeconds();
    if (this.#path === undefined) {
      this.#path = joinPath(this.folder, eventFileName(wallTime));
      await appendToFile(this.#path, eventFileHeader(wallTime));
    }
    await appendToFile(this.#path, scalarEvent({ step: epoch, wallTime, values: logs }));
  }
}
