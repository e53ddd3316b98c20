// Random search: every parameter on its own, uniformly on its scale.
import { checkOptions } from "../../core/options.js";
import { drawUniformly } from "../draws.js";
import type { Sampler } from "./sampler.js";

/**
 * Draws every value uniformly (floats and whole numbers with `log`: uniformly in their logarithm).
 * @param options No options; an empty object.
 * @example createStudy({ sampler: randomSampler(), seed: 7 });
 */
export function randomSampler(options: Record<never, never> = {}): Sampler {
  checkOptions("randomSampler", options, []);
  return {
    name: "random",
    propose: () => ({ params: {} }),
    sample: (view, name, distribution) => drawUniformly(distribution, view.random(name)),
  };
}
