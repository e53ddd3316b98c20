// One weight of a layer: its shape, how it starts, whether training may change it, and where its newest values are.
// Values are made only when asked for, so that a summary of AlexNet does not draw 62 million numbers. Several models
// may share a weight, each on a session of its own: a version says whose copy is old.
import type { Session } from "../../backends/contract.js";
import { FoveaError } from "../../core/errors.js";
import { Variable } from "../../core/graph/node.js";
import { Random, STREAM } from "../../core/random.js";
import { type Shape, sameShape, showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { Constraint } from "../constraints.js";
import type { Initializer } from "../initializers/index.js";
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

  /** Streams for a model inside this one, which keep clear of all others: those of another seed, made from its name. */
  nested(name: string): Streams {
    let hash = 0;
    for (const letter of name) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) | 0;
    const random = new Random(this.seed, STREAM.nested, hash >>> 0);
    return new Streams(random.uint32() + random.integer(2 ** 21) * 2 ** 32);
  }
}

/** Description of a weight. */
export interface WeightSpec {
  /** `kernel`, `bias`... */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** False for state that the optimizer leaves alone, such as moving averages. */
  readonly trainable: boolean;
  /** The weight's addition to the loss. */
  readonly regularizer?: Regularizer | null;
  /** The constraint that holds after each update. */
  readonly constraint?: Constraint | null;
}

/**
 * The values of a layer's weight, on the host or on the session that changed them last.
 * @param spec Name, shape and initializer.
 * @param path The layer's name and the weight's: `conv1/kernel`.
 * @param streams The streams of random numbers that the first values are drawn from.
 * @example
 * const [kernel] = model.weights; // of the first layer, [3, 3, 1, 4]
 * kernel instanceof Weight && kernel.path; // "conv1/kernel"
 * (await kernel.latest()).data.length; // 36
 */
export class Weight {
  /** The name within its layer: `kernel`. */
  readonly name: string;
  /** The shape, Keras's. */
  readonly shape: Shape;
  /** False for state that the optimizer leaves alone, such as moving averages. */
  readonly trainable: boolean;
  /** The number of elements. */
  readonly size: number;
  /** The weight's addition to the loss; null for none. */
  readonly regularizer: Regularizer | null;
  /** The rule that holds after each step; null for none. */
  readonly constraint: Constraint | null;
  readonly #initializer: Initializer;
  #seed = 0;
  #stream = 0;
  #contents: Tensor<"float32"> | undefined;
  #variable: Variable | undefined;
  #version = 0;
  /** Place of the newest values; on the host when undefined. */
  #holder: Session | undefined;

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
    this.drawFrom(streams);
  }

  /**
   * Takes the first values from a stream of these, unless they were drawn or set already.
   * @param streams The streams of a model.
   */
  drawFrom(streams: Streams): void {
    if (this.#contents !== undefined) return;
    this.#stream = streams.take(STREAM.initialize);
    this.#seed = this.#initializer.seed ?? streams.seed;
  }

  /** The values on the host: those set last, those it starts with, or those that `latest` fetched last. */
  get contents(): Tensor<"float32"> {
    this.#contents ??= tensor(
      this.#initializer.fill(this.shape, new Random(this.#seed, this.#stream)),
      this.shape,
      "float32",
    );
    return this.#contents;
  }
  set contents(contents: Tensor) {
    this.#contents = this.check(contents);
    this.#holder = undefined;
    this.#version++;
  }

  /** Counts changes of the values. */
  get version(): number {
    return this.#version;
  }

  /**
   * Notes that a run on `session` has changed the values.
   * @param session The session that holds the new values.
   */
  changedOn(session: Session): void {
    this.#holder = session;
    this.#version++;
  }

  /** The newest values, on the device or the host. */
  async latest(): Promise<Tensor<"float32">> {
    if (this.#holder !== undefined) this.#contents = (await this.#holder.read(this.variable)) as Tensor<"float32">;
    return this.contents;
  }

  /**
   * Brings the values to the host before `session` closes.
   * @param session The session that closes.
   */
  async leave(session: Session): Promise<void> {
    if (this.#holder !== session) return;
    await this.latest();
    this.#holder = undefined;
  }

  /** The engine's handle. */
  get variable(): Variable {
    this.#variable ??= new Variable(this.path, { dtype: "float32", shape: this.shape }, () => this.contents);
    return this.#variable;
  }

  /**
   * Returns `contents` if type and shape are those of the weight.
   * @param contents Values, float32 of the weight's shape.
   * @throws FoveaError unless `contents` fits.
   */
  check(contents: Tensor): Tensor<"float32"> {
    if (contents.dtype !== "float32" || !sameShape(contents.shape, this.shape))
      throw new FoveaError(
        "shape-mismatch",
        `weight "${this.path}": expected float32 ${showShape(this.shape)}, ` +
          `received ${contents.dtype} ${showShape(contents.shape)}`,
      );
    return contents as Tensor<"float32">;
  }
}
