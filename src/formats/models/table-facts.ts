// What a model that was trained on a table needs to score another: its columns in order, what was learnt of each, and what
// exposure means.
import { z } from "zod";

const name = z.string().min(1);

const NUMBER = z.object({
  type: z.literal("number"),
  name,
  /** The training rows' mean, which also stands for a missing value where those are filled. */
  mean: z.number(),
  /** What (value - mean) is divided by; null where numbers are taken as they are. */
  scale: z.number().nullable(),
});

const CATEGORY = z.object({
  type: z.literal("category"),
  name,
  /** In the order of their features. */
  categories: z.array(z.string()).readonly(),
  /** Whether missing values have a feature of their own, the last. */
  missing: z.boolean(),
});

export const TABLE_FACTS = z.object({
  /** The column that the model predicts. */
  target: name,
  columns: z
    .array(z.union([NUMBER, CATEGORY]))
    .min(1)
    .readonly(),
  /** What is done where a value is missing. */
  missing: z.enum(["error", "fill"]),
  /** How long rows were observed. Either way the model knows a rate: the target for an exposure of 1. */
  exposure: z.object({ column: name, as: z.enum(["weight", "offset"]) }).optional(),
  /** What separates the fields of the CSV file. */
  delimiter: z.string().optional(),
});

export type TableFacts = z.output<typeof TABLE_FACTS>;
