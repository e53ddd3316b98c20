// The context of a layer's call. In a training step it has the state of the random numbers and takes the changes that
// layers make besides training their weights, such as moving averages: these become part of the step.
import {
  cast,
  concatenate,
  gather,
  randomNormal,
  randomUniform,
  reshape,
  sliceAxis,
} from "../../core/functions/index.js";
import type { Value, Variable } from "../../core/graph/node.js";
import { type Shape, sizeOf } from "../../core/shape.js";
import { cutBoxes, type PlacedBoxes } from "./augmentation/box-moves.js";
import { Streams, type Weight } from "./weight.js";

/** Movements of an augmentation, for targets that lie on its images. */
export interface Move {
  /** A map, [n, height, width, 1], moved; pixels from outside of the image become `outside`. */
  readonly map: (map: Value, outside: number) => Value;
  /** Boxes with their classes, as shares of the image, moved; their number may become another. */
  readonly boxes: (boxes: PlacedBoxes) => PlacedBoxes;
  /** Name of the layer where it puts several images into one, so that targets of whole images mean nothing. Default: it does not. */
  readonly mixes?: string;
}

/** A part of a batch that is computed in several, one after the other. */
export interface BatchPart {
  /** Numbers of the part's samples within the batch, int32 `[1, samples]`. */
  readonly rows: Value;
  /** Samples of the whole batch. */
  readonly batch: number;
}

/** Scalars that layers add to the loss. */
class Penalties {
  readonly penalties: Value[] = [];
  /** Takes a scalar that is to be added to the loss. */
  addLoss(penalty: Value): void {
    this.penalties.push(penalty);
  }
}

/**
 * Values as the model gives them once trained.
 * @example
 * const x = cast(iota([8, 4], 1), "float32");
 * dropout(0.5).call(x, new InferenceContext()) === x; // true: nothing is dropped
 */
export class InferenceContext extends Penalties {
  /** False: dropout and augmentation are at rest. */
  readonly training = false;
}

/**
 * One step of training.
 * @param randomState The int32 [3] state of random numbers: seed low word, seed high word, step.
 * @param frozen The layers that were frozen when the model was compiled; default none.
 * @param part The part of a batch that is computed in several. Default: the batch is whole.
 * @example
 * const context = new TrainingContext(cast(iota([3], 0), "int32"));
 * const kept = dropout(0.5).call(cast(iota([8, 4], 1), "float32"), context); // a graph that draws half of the values to drop
 * context.training; // true
 */
export class TrainingContext extends Penalties {
  /** True: dropout and augmentation work. */
  readonly training = true;
  readonly #updates = new Map<Weight, Value>();
  readonly #moves: Move[] = [];
  readonly #streams = new Streams(0);

  constructor(
    /** The int32 [3] state of random numbers: seed low word, seed high word, step. */
    readonly randomState: Value,
    /** The layers that were frozen when the model was compiled. */
    readonly frozen: ReadonlySet<object> = new Set(),
    /** The part of a batch that is computed in several; undefined where the batch is whole. */
    readonly part?: BatchPart,
  ) {
    super();
  }

  /** For layers inside the step that are to work as once trained. */
  get inference(): InferenceContext {
    const context = new InferenceContext();
    context.addLoss = (penalty) => this.addLoss(penalty);
    return context;
  }

  /**
   * A stream of random numbers for one use in a step, such as `takeStream(STREAM.dropout)`.
   * @param kind One of the kinds of `STREAM`.
   */
  takeStream(kind: number): number {
    return this.#streams.take(kind);
  }

  /**
   * Uniform numbers in [0, 1) of a stream for each sample: a part of a batch gets those that its samples have in the whole.
   * @param shape The shape of the draws.
   * @param stream A stream of the step, from `takeStream`.
   * @param batchAxis The axis of the samples; undefined where all samples share the draws.
   */
  uniform(shape: Shape, stream: number, batchAxis: number | undefined): Value {
    return this.#draw((whole) => randomUniform(whole, this.randomState, stream), shape, batchAxis);
  }

  /**
   * Standard normal numbers of a stream for each sample, as `uniform` has uniform ones.
   * @param shape The shape of the draws, the batch axis first.
   * @param stream A stream of the step, from `takeStream`.
   */
  normal(shape: Shape, stream: number): Value {
    return this.#draw((whole) => randomNormal(whole, this.randomState, stream), shape, 0);
  }

  /** The part's rows of what is drawn for the whole batch. */
  #draw(draw: (shape: Shape) => Value, shape: Shape, batchAxis: number | undefined): Value {
    const { part } = this;
    if (part === undefined || batchAxis === undefined) return draw(shape);
    const whole = shape.map((extent, axis) => (axis === batchAxis ? part.batch : extent));
    const before = sizeOf(shape.slice(0, batchAxis));
    const drawn = reshape(draw(whole), [before, part.batch, -1]);
    const picked = Array.from({ length: before }, (_, i) => gather(sliceAxis(drawn, 0, i, 1), part.rows));
    return reshape(picked.length === 1 ? picked[0]! : concatenate(picked, 0), shape);
  }

  /**
   * Takes an augmentation's effect on the places of pixels, so that targets which lie on them go along.
   * @param move The effect on maps and on boxes.
   */
  addMove(move: Move): void {
    this.#moves.push(move);
  }

  /** Name of the first layer that puts several images into one; undefined where none does. */
  get mixing(): string | undefined {
    return this.#moves.find(({ mixes }) => mixes !== undefined)?.mixes;
  }

  /**
   * Targets [n, height, width] that lie on the pixels of the images, moved as these were, by the same draws.
   * @param map Targets, `[n, height, width]`.
   * @param outside The target of pixels that come from outside of the image.
   */
  moved(map: Value, outside: number): Value {
    if (this.#moves.length === 0) return map;
    const start = reshape(cast(map, "float32"), [...map.type.shape, 1]);
    const end = this.#moves.reduce((value, move) => move.map(value, outside), start);
    return reshape(end, end.type.shape.slice(0, -1));
  }

  /**
   * Boxes [n, boxes, 5], class and then center and size as shares of the image, moved as the images were, by the same draws. What
   * leaves the image is cut off, and a box of which too little is left has the class -1.
   * @param boxes Shares of the image, `[n, boxes, 5]`.
   */
  movedBoxes(boxes: Value): Value {
    if (this.#moves.length === 0) return boxes;
    const numbers = cast(boxes, "float32");
    const start = { classes: sliceAxis(numbers, 2, 0, 1), boxes: sliceAxis(numbers, 2, 1, 4) };
    const moved = this.#moves.reduce<PlacedBoxes>((placed, move) => move.boxes(placed), start);
    const cut = cutBoxes(moved.classes, moved.boxes);
    return concatenate([cut.classes, cut.boxes], 2);
  }

  /**
   * Checks whether a layer was trainable when the model was compiled.
   * @param layer A layer of the model.
   */
  isTrained(layer: object): boolean {
    return !this.frozen.has(layer);
  }

  /**
   * The values of a weight with the updates so far: a layer that is called twice in a step updates twice.
   * @param weight A weight of a layer in the step.
   */
  current(weight: Weight): Value {
    return this.#updates.get(weight) ?? weight.variable.read();
  }

  /**
   * The weight's value after the step.
   * @param weight A weight that the optimizer leaves alone, such as a moving average.
   * @param value The next value, of the weight's shape.
   */
  update(weight: Weight, value: Value): void {
    this.#updates.set(weight, value);
  }

  /** The weights that the step updates besides those that are trained. */
  get updatedWeights(): readonly Weight[] {
    return [...this.#updates.keys()];
  }
  /** The engine's variables with their next values. */
  get updates(): readonly (readonly [Variable, Value])[] {
    return [...this.#updates].map(([weight, value]) => [weight.variable, value] as const);
  }
}

/** The mode in which layers are called: inference, or a step of training. */
export type CallContext = InferenceContext | TrainingContext;
