// Initializers that do not look at the shape: constants, uniform and normal numbers.
import { sizeOf } from "../../core/shape.js";
import { filled, type Initializer, initializer, type Seeded, truncated } from "./initializer.js";

export const zeros = (): Initializer => initializer("Zeros", {}, (shape) => new Float32Array(sizeOf(shape)));
export const ones = (): Initializer => initializer("Ones", {}, (shape) => new Float32Array(sizeOf(shape)).fill(1));
export const constant = (value = 0): Initializer =>
  initializer("Constant", { value }, (shape) => new Float32Array(sizeOf(shape)).fill(value));

/** Uniform in [minval, maxval). */
export const randomUniform = ({
  minval = -0.05,
  maxval = 0.05,
  seed,
}: Seeded & { readonly minval?: number; readonly maxval?: number } = {}): Initializer =>
  initializer(
    "RandomUniform",
    { minval, maxval },
    (shape, random) => filled(shape, () => random.between(minval, maxval)),
    seed,
  );

interface NormalOptions extends Seeded {
  readonly mean?: number;
  readonly stddev?: number;
}
export const randomNormal = ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
  initializer(
    "RandomNormal",
    { mean, stddev },
    (shape, random) => filled(shape, () => mean + stddev * random.normal()),
    seed,
  );
/** Normal, redrawn until it lies within two deviations. */
export const truncatedNormal = ({ mean = 0, stddev = 0.05, seed }: NormalOptions = {}): Initializer =>
  initializer(
    "TruncatedNormal",
    { mean, stddev },
    (shape, random) => filled(shape, () => mean + stddev * truncated(random)),
    seed,
  );
