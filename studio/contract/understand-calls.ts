// Calls about what a run's model gets right and wrong, beyond its figures.
import * as z from "zod";
import { ASKED_IMAGE, call, NAME, PROJECT } from "./call.js";
import type { Breakdown, Labelled, Neighbours } from "./understand-facts.js";

const PART = z.enum(["train", "validation", "test"]);
const RUN = { project: PROJECT, run: NAME };

export const UNDERSTAND_CALLS = {
  /** The images of a part of a classification, judged and taken apart. */
  breakdown: call<Breakdown>()(z.strictObject({ ...RUN, part: PART })),
  /** The images of a part where images have several labels. */
  labelled: call<Labelled>()(z.strictObject({ ...RUN, part: PART })),
  /** The training images that a run's model takes for most like an image. */
  neighbours: call<Neighbours>()(z.strictObject({ ...RUN, image: ASKED_IMAGE })),
} as const;
