// One weight of a layer: its shape, how it starts, whether training may change it. Values are made only when asked
// for, so that a summary of AlexNet does not draw 62 million numbers. Where they live during training is the session's
// business.
import { FoveaError } from "../../core/errors.js";
import { Variable } from "../../core/graph/node.js";
import { Random, STREAM } from "../../core/random.js";
import { type Shape, sameShape, showShape, sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import type { Constraint } from "../constraints.js";
import type { Initializer } from "../initializers.js";
import type { Regularizer } from "../regularizers.js";

/** Numbers the consumers of a model's seed, so that each draws from a stream of its own. */
export class Streams {
  readonly #next = new Map<number, number>();
  constructor(readonly seed: number) {}

  /** The next free stream of a kind, such as `STREAM.initialize`. */
  take(kind: number): number {
    const number = this.#next.get(kind) ?? 0;
    this.#next.set(kind, number + 1);
    return kind + number;
  }
}

/** What a weight is. */
export interface WeightSpec {
  /** `kernel`, `bias`... */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** False for state that the optimizer leaves alone, such as moving averages. */
  readonly trainable: boolean;
  /** What the weight adds to the loss. */
  readonly regularizer?: Regularizer | null;
  /** What is done to the weight after each update. */
  readonly constraint?: Constraint | null;
}

export class Weight {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  readonly size: number;
  readonly regularizer: Regularizer | null;
  readonly constraint: Constraint | null;
  readonly #initializer: Initializer;
  readonly #seed: number;
  readonly #stream: number;
  #contents: Tensor<"float32"> | undefined;
  #variable: Variable | undefined;

  /** `path` is the layer's name and the weight's: `conv1/kernel`. */
  constructor(
    spec: WeightSpec,
    readonly path: string,
    streams: Streams,
  ) {
    this.name = spec.name;
    this.shape = spec.shape;
    this.trainable = spec.trainable;
    this.size = sizeOf(spec.shape);
    this.regularizer = spec.regularizer ?? null;
    this.constraint = spec.constraint ?? null;
    this.#initializer = spec.initializer;
    this.#stream = streams.take(STREAM.initialize);
    this.#seed = spec.initializer.seed ?? streams.seed;
  }

  /** The values on the host: those set last, or those it starts with. */
  get contents(): Tensor<"float32"> {
    this.#contents ??= {
      dtype: "float32",
      shape: this.shape,
      data: this.#initializer.fill(this.shape, new Random(this.#seed, this.#stream)),
    };
    return this.#contents;
  }

  /** Only while no session holds the weight: graphs made before keep the values of before. */
  set contents(contents: Tensor) {
    this.#contents = this.check(contents);
    this.#variable = undefined;
  }

  /** The engine's handle. A session that meets it for the first time takes the host's values. */
  get variable(): Variable {
    this.#variable ??= new Variable(this.path, { dtype: "float32", shape: this.shape }, this.contents);
    return this.#variable;
  }

  /** @throws FoveaError unless `contents` fits. */
  check(contents: Tensor): Tensor<"float32"> {
    if (contents.dtype !== "float32" || !sameShape(contents.shape, this.shape))
      throw new FoveaError(
        `weight "${this.path}": expected float32 ${showShape(this.shape)}, ` +
          `received ${contents.dtype} ${showShape(contents.shape)}`,
      );
    return contents as Tensor<"float32">;
  }
}
