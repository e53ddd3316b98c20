// The rooms of the workbench: a total table, and all their answers together.
import type { Handlers, RoomName } from "../../contract/calls.js";
import type { FileMakers } from "../../contract/files.js";
import { additionRoom } from "./additions.js";
import { dataRoom } from "./data.js";
import { exampleRoom } from "./examples.js";
import { modelRoom } from "./models.js";
import { networkRoom } from "./networks.js";
import { openingRoom } from "./opening.js";
import type { Bench, Room } from "./room.js";
import { shippingRoom } from "./shipping.js";
import { studyRoom } from "./studies.js";
import { trainingRoom } from "./training.js";
import { understandingRoom } from "./understanding.js";

const ROOMS = {
  opening: openingRoom,
  data: dataRoom,
  examples: exampleRoom,
  training: trainingRoom,
  models: modelRoom,
  understanding: understandingRoom,
  networks: networkRoom,
  additions: additionRoom,
  shipping: shippingRoom,
  studies: studyRoom,
} as const satisfies { readonly [R in RoomName]: (bench: Bench) => Room<R> };

/** The answers of all rooms. */
export interface Answers {
  readonly handlers: Handlers;
  readonly files: FileMakers;
  /** Opens what the program was started with. */
  readonly start: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export function openRooms(bench: Bench): Answers {
  const opening = ROOMS.opening(bench);
  const data = ROOMS.data(bench);
  const examples = ROOMS.examples(bench);
  const training = ROOMS.training(bench);
  const models = ROOMS.models(bench);
  const understanding = ROOMS.understanding(bench);
  const networks = ROOMS.networks(bench);
  const additions = ROOMS.additions(bench);
  const shipping = ROOMS.shipping(bench);
  const studies = ROOMS.studies(bench);
  const all = [opening, data, examples, training, models, understanding, networks, additions, shipping, studies];
  return {
    handlers: {
      ...opening.handlers,
      ...data.handlers,
      ...examples.handlers,
      ...training.handlers,
      ...models.handlers,
      ...understanding.handlers,
      ...networks.handlers,
      ...additions.handlers,
      ...shipping.handlers,
      ...studies.handlers,
    },
    files: { ...examples.files, ...training.files, ...models.files, ...shipping.files, ...studies.files },
    start: async (path) => {
      const { id, kind } = await opening.start(path);
      // A study is read while the browser starts; a page that asks meanwhile waits for the same look, and is told what fails.
      if (kind === "study") studies.handlers.studies({ project: id }).catch(() => undefined);
    },
    close: async () => {
      for (const room of all) await room.close?.();
    },
  };
}
