// The newest result and the window that made it, as the parts of the stage show them.

import type { Cell } from "../../pixel-grid/cells.ts";
import type { JobInput, JobOutput } from "../engine/jobs.ts";
import type { WindowView } from "../parts/window-view.ts";

export interface View extends WindowView {
  readonly facts: JobOutput<"convolve">;
  /** The wish that the facts are the answer to. */
  readonly wish: JobInput<"convolve">;
  /** The filter that is looked at, from 0. */
  readonly filter: number;
}

/** A value of the output at a place, for a filter. */
export const valueAt = (
  { width, filters }: View["facts"],
  values: Float32Array,
  { row, column }: Cell,
  filter: number,
): number => values[(row * width + column) * filters + filter]!;

/** All values of one filter. */
export const mapOf = ({ filters }: View["facts"], values: Float32Array, filter: number): Float32Array =>
  Float32Array.from({ length: values.length / filters }, (_, i) => values[i * filters + filter]!);
