// Repair costs: the price list that gives a photo's expected cost, and the spread of real invoices around it. A model
// can learn the expected cost at best; the rest is noise of known size.
import { log } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import type { Paint } from "./claim.js";
import type { Damage } from "./damage.js";

/** Euro for the inspection, a dent of diameter d mm (`perDent + perSquare d^2`), a scratch and a new pane. */
export const HAIL_PRICES = { inspection: 60, perDent: 18, perSquare: 0.035, scratch: 110, pane: 520 } as const;
/** Factor on work at metallic paint. */
export const METALLIC = 1.25;
/** Shape of the gamma distribution around the expected cost: the variance is the squared mean over this. */
export const COST_SHAPE = 8;

/** The mean of the repair cost in euro, given all that there is to know. */
export function expectedCost({ dents, scratches, cracks }: Damage, { metallic }: Pick<Paint, "metallic">): number {
  const { inspection, perDent, perSquare, scratch, pane } = HAIL_PRICES;
  const pressed = dents.reduce((sum, { diameter }) => sum + perDent + perSquare * diameter * diameter, 0);
  const work = pressed + scratch * scratches.length;
  return inspection + (metallic ? METALLIC : 1) * work + (cracks.length > 0 ? pane : 0);
}

/** A cost in cents exactly, drawn around its mean: for a whole shape the gamma is a sum of exponentials. */
export function drawCost(random: Random, mean: number): number {
  let product = 1;
  for (let i = 0; i < COST_SHAPE; i++) product *= 1 - random.uniform();
  return Math.max(0.01, Math.round((-100 * mean * log(product)) / COST_SHAPE) / 100);
}
