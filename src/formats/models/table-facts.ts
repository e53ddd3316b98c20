// Facts that a model trained on a table needs to score another table: its columns in order, what training learnt of
// each, and the meaning of exposure.
import * as z from "zod";

/** Names of the inputs of a model of a table with an exposure as offset: the features, and the offset. */
export const TABLE_INPUTS = { features: "features", offset: "offset" } as const;

const name = z.string().min(1);

const NUMBER = z.object({
  type: z.literal("number"),
  name,
  /** The training rows' mean, which also stands for a missing value where those are filled. */
  mean: z.number(),
  /** Divisor of (value - mean); null where numbers are taken as they are. */
  scale: z.number().nullable(),
});

const CATEGORY = z.object({
  type: z.literal("category"),
  name,
  /** In the order of their features. */
  categories: z.array(z.string()).readonly(),
  /** True where missing values have a feature of their own, the last. */
  missing: z.boolean(),
});

export const TABLE_FACTS = z.object({
  /** The column that the model predicts. */
  target: name,
  columns: z
    .array(z.union([NUMBER, CATEGORY]))
    .min(1)
    .readonly(),
  /** Treatment of missing values: an error, or filled in. */
  missing: z.enum(["error", "fill"]),
  /** Column of how long rows were observed. Either way the model knows a rate: the target for an exposure of 1. */
  exposure: z.object({ column: name, as: z.enum(["weight", "offset"]) }).optional(),
  /** Separator of the fields of the CSV file. */
  delimiter: z.string().optional(),
});

export type TableFacts = z.output<typeof TABLE_FACTS>;
