// Trains in a browser page: on two workers over shared memory, and on the page's own thread.
import { trainSmall } from "../determinism/train-small.js";

export interface TrainPageAnswer {
  readonly isolated: boolean;
  readonly workers: string;
  readonly inline: string;
}

export default async (): Promise<TrainPageAnswer> => ({
  isolated: globalThis.crossOriginIsolated,
  workers: await trainSmall(2),
  inline: await trainSmall("inline"),
});
