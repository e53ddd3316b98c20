// Calls of shipping: what is to be settled before a model is given away, and the lines of its card.
import type { CardLines } from "fovea/experiment";
import * as z from "zod";
import { call, NAME, PROJECT } from "./call.js";

/** One question: settled, open, or without an answer in the run's files. */
export interface CheckFacts {
  readonly kind: "copies" | "test" | "labels" | "calibration" | "warnings" | "card";
  readonly title: string;
  readonly state: "done" | "open" | "unknown";
  readonly sentence: string;
}

const LINE = z.string().max(10_000);
/** The lines of `CardLines`, all of them. */
const LINES = z.strictObject({
  purpose: LINE,
  use: LINE,
  limits: LINE,
  owner: LINE,
  contact: LINE,
  oversight: LINE,
  monitoring: LINE,
  dataLicence: LINE,
  weightsLicence: LINE,
  watts: LINE,
} satisfies Record<keyof CardLines, typeof LINE>);

/** The lines of a card that only a person can write. */
export type CardFacts = z.output<typeof LINES>;

export interface ShippingFacts {
  readonly checks: readonly CheckFacts[];
  readonly card: CardFacts;
}

export const SHIPPING_CALLS = {
  /** The questions of a run, and the lines of its card. */
  shipping: call<ShippingFacts>()(z.strictObject({ project: PROJECT, run: NAME })),
  /** Writes the lines of a run's card. */
  writeCard: call<ShippingFacts>()(z.strictObject({ project: PROJECT, run: NAME, lines: LINES })),
} as const;
