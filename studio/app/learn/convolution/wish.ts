// The wish to the engine, from the page's settings.
import type { JobInput } from "../engine/jobs.ts";
import { wishFor } from "../picture/picture.ts";
import { type Settings, weightsOf } from "./state.ts";

export const wishOf = (settings: Settings): JobInput<"convolve"> => ({
  picture: wishFor(settings.name, { color: settings.color, size: settings.side }),
  size: settings.size,
  strides: settings.stride,
  padding: settings.padding,
  relu: settings.relu,
  filters: settings.filters.map((filter) => ({ slices: weightsOf(filter), bias: filter.bias })),
});
