// What the parts of the stage show together: the newest result, the window that made it, and where one points.
import type { JobInput, JobOutput } from "../engine/jobs.ts";
import type { Window } from "../parts/window.ts";
import type { Cell } from "../pixel-grid/cells.ts";

export interface View {
  readonly facts: JobOutput<"convolve">;
  /** What the facts were computed from. */
  readonly wish: JobInput<"convolve">;
  readonly window: Window;
  /** The output that is looked at. */
  readonly at: Cell;
  /** The filter that is looked at, from 0. */
  readonly filter: number;
  /** The input pixel under the pointer. */
  readonly pointed: Cell | undefined;
  readonly pointInput: (cell: Cell | undefined) => void;
  readonly pointOutput: (cell: Cell | undefined) => void;
  /** Moves the footprint to an output. */
  readonly pick: (cell: Cell) => void;
}

export const CHANNEL_NAMES = { 1: ["grey"], 3: ["red", "green", "blue"] } as const;

export const channelNames = (channels: number): readonly string[] => CHANNEL_NAMES[channels === 3 ? 3 : 1];

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
