// Moves masks and boxes with their images in a browser page, and trains with them: on two workers over shared memory, and on the
// page's own thread.
import { movedBits } from "../determinism/train-moved.js";

export interface MovedPageAnswer {
  readonly workers: string;
  readonly inline: string;
}

export default async (): Promise<MovedPageAnswer> => ({
  workers: await movedBits(2),
  inline: await movedBits("inline"),
});
