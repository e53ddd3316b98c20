// Calls that add photos to a project's data: those that a model was wrong about.
import * as z from "zod";
import { call, NAME, PROJECT, UPLOAD } from "./call.js";
import type { ProjectFacts } from "./facts.js";

export interface AddedPhoto {
  readonly project: ProjectFacts;
  /** Number of the photo in the project. */
  readonly index: number;
}

export const ADDITION_CALLS = {
  /**
   * Adds a photo with its label to the training images. Its file goes beside the label journal, whose entry names it; the
   * project's own files stay as they are. `undo` takes it out again.
   */
  addPhoto: call<AddedPhoto>()(
    z.strictObject({ project: PROJECT, image: UPLOAD, label: NAME, why: z.string().max(1000).optional() }),
  ),
} as const;
