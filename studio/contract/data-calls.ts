// Calls about a project's images: pages of them, their labels and the journal of these, what they look like.
import * as z from "zod";
import { COUNT, call, NAME, PROJECT } from "./call.js";
import { type HistoryPage, type ImageDetails, type LookFacts, ORDERS } from "./data-facts.js";
import type { ClassCount, CodeFacts, ImagePage, JobFacts, ProjectFacts } from "./facts.js";

const FILTER = z.strictObject({
  label: NAME.optional(),
  unlabelled: z.boolean().optional(),
  part: NAME.optional(),
  search: z.string().max(1000).optional(),
  changed: z.boolean().optional(),
  finding: NAME.optional(),
  pixels: NAME.optional(),
});

const ORDER = z.strictObject({
  by: z.enum(ORDERS),
  isDescending: z.boolean().optional(),
  like: COUNT.optional(),
  run: NAME.optional(),
});

const BY = z.string().min(1).max(200).optional();

export const DATA_CALLS = {
  images: call<ImagePage>()(
    z.strictObject({
      project: PROJECT,
      filter: FILTER,
      order: ORDER.optional(),
      from: COUNT,
      count: z.int().min(0).max(5000),
    }),
  ),
  /** Numbers of images in an order, for selections that reach beyond what the page has seen. */
  numbers: call<readonly number[]>()(
    z.strictObject({
      project: PROJECT,
      filter: FILTER,
      order: ORDER.optional(),
      from: COUNT,
      count: z.int().min(0).max(1_000_000),
    }),
  ),
  /** Images of each class, of one part or of all. */
  counts: call<readonly ClassCount[]>()(z.strictObject({ project: PROJECT, part: NAME.optional() })),
  /** All that is known of one image. */
  image: call<ImageDetails>()(z.strictObject({ project: PROJECT, image: COUNT })),
  /** Gives images another label by the journal; `null` leaves them out. */
  relabel: call<ProjectFacts>()(
    z.strictObject({
      project: PROJECT,
      images: z.array(COUNT).min(1).max(1_000_000),
      to: NAME.nullable(),
      why: z.string().max(1000).optional(),
      by: BY,
    }),
  ),
  /** Takes back the last change of labels. */
  undo: call<ProjectFacts>()(z.strictObject({ project: PROJECT, by: BY })),
  /** Changes of labels as the journal has them, the last first. */
  history: call<HistoryPage>()(z.strictObject({ project: PROJECT, from: COUNT, count: z.int().min(0).max(1000) })),
  /** Facts of all images' pixels, once somebody has looked. */
  look: call<LookFacts>()(z.strictObject({ project: PROJECT })),
  /** Decodes every image, in the background. */
  startLook: call<JobFacts>()(z.strictObject({ project: PROJECT })),
  /** Asks a run's model about every image, in the background; answers with the job that does, or did, where there is one. */
  startScores: call<JobFacts>()(z.strictObject({ project: PROJECT, run: NAME })),
  /** Lines that open the data and make the same changes of labels. */
  dataCode: call<CodeFacts>()(z.strictObject({ project: PROJECT })),
} as const;
