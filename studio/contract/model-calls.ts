// Calls that ask the models of runs.
import * as z from "zod";
import { ASKED_IMAGE, call, NAME, PROJECT } from "./call.js";
import type { AnswerFacts } from "./facts.js";

export const MODEL_CALLS = {
  /** Asks a run's model about an image: one of the project, or the bytes of a file in base64. */
  predict: call<AnswerFacts>()(z.strictObject({ project: PROJECT, run: NAME, image: ASKED_IMAGE })),
} as const;
