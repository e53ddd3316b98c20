// Warning about batch normalization that has not had the time to learn what it normalizes by: its moving averages begin
// at 0 and 1 and keep momentum ^ steps of that, which in short runs is most of it.
import { BatchNormalization, type Layer } from "../../nn/layers/index.js";

/** Moving averages count as settled when no more than this share of them is what they began with. */
const SETTLED = 0.05;

/** The layers whose averages training moves. */
const normalizing = (layer: Layer): BatchNormalization[] =>
  !layer.trainable ? [] : layer instanceof BatchNormalization ? [layer] : layer.layers.flatMap(normalizing);

/** Steps after which averages of that momentum are settled. */
function enough(momentum: number): string {
  const steps = momentum > SETTLED ? Math.ceil(Math.log(SETTLED) / Math.log(momentum)) : 1;
  return steps === 1 ? "1 step is" : `${steps} steps are`;
}

/**
 * Warning about moving averages that are not settled after so many training steps; undefined where all are.
 * @param steps those that the kept weights have seen
 */
export function unsettledAverages(model: Layer, steps: number): string | undefined {
  const layers = normalizing(model);
  // Without such a layer nothing can be unsettled, not even before the first step.
  if (layers.length === 0) return undefined;
  const momentum = Math.max(0, ...layers.map((layer) => layer.momentum));
  const left = momentum ** steps;
  if (left <= SETTLED) return undefined;
  const needed = momentum < 1 ? `${enough(momentum)} enough` : "it never does";
  return (
    `Batch normalization has not settled: after ${steps} steps at momentum ${momentum}, ${Math.round(100 * left)} % of ` +
    `its moving averages is still their initial value (${needed}), and the model predicts by them; ` +
    "train longer or with smaller batches, or lower the momentum."
  );
}
