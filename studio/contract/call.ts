// One call of the page to the workbench, and the limits that several of them share.
import * as z from "zod";

/** A call: how its input is checked, and what its answer is. */
export interface Call<Input, Output> {
  readonly input: z.ZodType<Input>;
  /** Carries the type alone. */
  readonly output?: Output;
}

/** Makes a call: `call<Answer>()(schema)`. */
export const call =
  <Output>() =>
  <Input>(input: z.ZodType<Input>): Call<Input, Output> => ({ input });

export const PROJECT = z.string().max(200);
export const NAME = z.string().min(1).max(1000);
export const COUNT = z.int().min(0).max(10_000_000);
export const PATH = z.string().min(1).max(4096);

/** The most characters of a file in base64: some 50 MB. */
const MOST_TEXT = 70_000_000;
/** An image that a reader brings along. */
export const UPLOAD = z.strictObject({ name: NAME, base64: z.string().max(MOST_TEXT) });
/** An image of the project by its number, or one that a reader brings along. */
export const ASKED_IMAGE = z.union([COUNT, UPLOAD]);

export type AskedInput = z.output<typeof ASKED_IMAGE>;
