// Calls that ask the models of runs.
import * as z from "zod";
import { COUNT, call, NAME, PROJECT } from "./call.js";
import type { AnswerFacts, JudgedImage } from "./facts.js";

/** The most characters of a file in base64: some 50 MB. */
const MOST_TEXT = 70_000_000;
const UPLOAD = z.strictObject({ name: NAME, base64: z.string().max(MOST_TEXT) });

export const MODEL_CALLS = {
  /** Every image of a part of a classification, with what a run's model says of it. */
  judge: call<readonly JudgedImage[]>()(
    z.strictObject({ project: PROJECT, run: NAME, part: z.enum(["train", "validation", "test"]) }),
  ),
  /** Asks a run's model about an image: one of the project, or the bytes of a file in base64. */
  predict: call<AnswerFacts>()(z.strictObject({ project: PROJECT, run: NAME, image: z.union([COUNT, UPLOAD]) })),
} as const;
