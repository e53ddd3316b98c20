// Models that take other numbers than pixels, as models that take pixels: what scales them moves inside.
import { input, rescaling } from "../../nn/layers/index.js";
import type { Model } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";
import type { FoveaFacts } from "./fovea-facts.js";

/** The model behind the rescaling that its facts ask for; itself when they ask for none. */
export function onPixels(model: Model, facts: FoveaFacts | undefined): Model {
  const rescale = facts?.preprocessing?.rescale;
  if (rescale === undefined) return model;
  const { scale, offset } = rescale;
  return new Sequential([input(model.inputShape), rescaling(scale, offset), model], {
    ...model.place,
    name: model.name,
  });
}
