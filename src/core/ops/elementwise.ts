// Elementwise ops: one f32 result per element from operands of the very same shape. Broadcasting is an op of its own
// (reduce.ts), so that gradients here never have to sum. Comparisons give 1 or 0.
import type { DType } from "../dtype.js";
import { FoveaError } from "../errors.js";
import { apply, type OpRecord, type Value, type VjpContext } from "../graph/node.js";
import { erf } from "../math.js";
import { type Shape, sameShape, showShape, sizeOf } from "../shape.js";
import type { TensorType } from "../tensor.js";

/** Attributes of an op that has none. */
export type NoAttrs = Record<never, never>;
type Context = VjpContext<NoAttrs>;

/** The record of an op that works position by position. */
export interface ElementwiseRecord<Name extends string> extends OpRecord<Name, NoAttrs> {
  readonly kind: "elementwise";
}

function inferSame(name: string): (inputs: readonly TensorType[]) => readonly TensorType[] {
  return (inputs) => {
    for (const { dtype, shape } of inputs) {
      if (dtype !== "float32")
        throw new FoveaError("dtype-mismatch", `${name}: expected float32 operands, received ${dtype}; use cast`);
      if (!sameShape(shape, inputs[0]!.shape))
        throw new FoveaError(
          "shape-mismatch",
          `${name}: expected operands of one shape, received ${inputs.map((i) => showShape(i.shape)).join(" and ")}`,
        );
    }
    return [{ dtype: "float32", shape: inputs[0]!.shape }];
  };
}

function unary<Name extends string>(
  name: Name,
  compute: (x: number) => number,
  gradient: (g: Value, x: Value, y: Value) => Value,
): ElementwiseRecord<Name> {
  return {
    name,
    kind: "elementwise",
    infer: inferSame(name),
    vjp: ({ inputs, outputs, gradients }: Context) => [gradient(gradients[0]!, inputs[0]!, outputs[0]!)],
    reference: ([x]) => [x!.data.map(compute)],
  };
}

function binary<Name extends string>(
  name: Name,
  compute: (a: number, b: number) => number,
  gradient: (g: Value, a: Value, b: Value, y: Value) => readonly (Value | undefined)[],
): ElementwiseRecord<Name> {
  return {
    name,
    kind: "elementwise",
    infer: inferSame(name),
    vjp: ({ inputs, outputs, gradients }: Context) => gradient(gradients[0]!, inputs[0]!, inputs[1]!, outputs[0]!),
    reference: ([a, b]) => [a!.data.map((x, i) => compute(x, b!.data[i]!))],
  };
}

const noGradient = (): readonly (Value | undefined)[] => [undefined, undefined];

export const constantOp: OpRecord<"constant", { value: number; shape: Shape }> = {
  name: "constant",
  infer: (_, { shape }) => [{ dtype: "float32", shape }],
  vjp: () => [],
  reference: (_, { value, shape }) => [new Float64Array(sizeOf(shape)).fill(value)],
};

export const addOp = binary(
  "add",
  (a, b) => a + b,
  (g) => [g, g],
);
export const subOp = binary(
  "sub",
  (a, b) => a - b,
  (g) => [g, same(negOp, g)],
);
export const mulOp: ElementwiseRecord<"mul"> = binary(
  "mul",
  (a, b) => a * b,
  (g, a, b) => [same(mulOp, g, b), same(mulOp, g, a)],
);
export const divOp: ElementwiseRecord<"div"> = binary(
  "div",
  (a, b) => a / b,
  (g, _a, b, y) => {
    const ga = same(divOp, g, b);
    return [ga, same(negOp, same(mulOp, ga, y))];
  },
);
/** Ties send the whole gradient to the first operand. */
export const maximumOp = binary("maximum", Math.max, (g, a, b, y) => {
  const first = same(equalOp, a, y);
  return [same(mulOp, g, first), same(selectOp, first, like(b, 0), g)];
});
/** Ties send the whole gradient to the first operand. */
export const minimumOp = binary("minimum", Math.min, (g, a, b, y) => {
  const first = same(equalOp, a, y);
  return [same(mulOp, g, first), same(selectOp, first, like(b, 0), g)];
});
export const greaterOp = binary("greater", (a, b) => (a > b ? 1 : 0), noGradient);
export const equalOp = binary("equal", (a, b) => (a === b ? 1 : 0), noGradient);

export const negOp: ElementwiseRecord<"neg"> = unary(
  "neg",
  (x) => -x,
  (g) => same(negOp, g),
);
/** The gradient at 0 is 0. */
export const absOp = unary("abs", Math.abs, (g, x) =>
  same(mulOp, g, same(subOp, same(greaterOp, x, like(x, 0)), same(greaterOp, like(x, 0), x))),
);
export const expOp = unary("exp", Math.exp, (g, _x, y) => same(mulOp, g, y));
export const logOp = unary("log", Math.log, (g, x) => same(divOp, g, x));
export const sqrtOp = unary("sqrt", Math.sqrt, (g, _x, y) => same(divOp, same(mulOp, g, like(g, 0.5)), y));
export const tanhOp = unary("tanh", Math.tanh, (g, _x, y) =>
  same(mulOp, g, same(subOp, like(y, 1), same(mulOp, y, y))),
);
export const sigmoidOp = unary(
  "sigmoid",
  (x) => 1 / (1 + Math.exp(-x)),
  (g, _x, y) => same(mulOp, g, same(mulOp, y, same(subOp, like(y, 1), y))),
);
export const sinOp: ElementwiseRecord<"sin"> = unary("sin", Math.sin, (g, x) => same(mulOp, g, same(cosOp, x)));
export const cosOp: ElementwiseRecord<"cos"> = unary("cos", Math.cos, (g, x) =>
  same(negOp, same(mulOp, g, same(sinOp, x))),
);
/** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erfOp = unary("erf", erf, (g, x) =>
  same(mulOp, same(mulOp, g, like(g, 2 / Math.sqrt(Math.PI))), same(expOp, same(negOp, same(mulOp, x, x)))),
);
/** The largest whole number not above x. Its gradient is 0. */
export const floorOp: ElementwiseRecord<"floor"> = {
  name: "floor",
  kind: "elementwise",
  infer: inferSame("floor"),
  vjp: () => [undefined],
  reference: ([x]) => [x!.data.map(Math.floor)],
};
/** x as it is, through which no gradient goes back. */
export const stopGradientOp: ElementwiseRecord<"stopGradient"> = {
  name: "stopGradient",
  kind: "elementwise",
  infer: inferSame("stopGradient"),
  vjp: () => [undefined],
  reference: ([x]) => [x!.data.slice()],
};
/** max(x, 0); the gradient at 0 is 0. */
export const reluOp = unary(
  "relu",
  (x) => Math.max(x, 0),
  (g, _x, y) => same(mulOp, g, same(greaterOp, y, like(y, 0))),
);

/** select(condition, a, b): a where the condition is not 0, else b. No gradient to the condition. */
export const selectOp: ElementwiseRecord<"select"> = {
  name: "select",
  kind: "elementwise",
  infer: inferSame("select"),
  vjp: ({ inputs: [condition], gradients: [g] }) => {
    const zero = like(g!, 0);
    return [undefined, same(selectOp, condition!, g!, zero), same(selectOp, condition!, zero, g!)];
  },
  reference: ([c, a, b]) => [c!.data.map((x, i) => (x !== 0 ? a!.data[i]! : b!.data[i]!))],
};

/** Converts the dtype: to int32 by truncation, to uint8 by truncation modulo 256. Gradients pass float to float only. */
export const castOp: OpRecord<"cast", { dtype: DType }> = {
  name: "cast",
  infer: ([x], { dtype }) => [{ dtype, shape: x!.shape }],
  vjp: ({ inputs: [x], attrs, gradients: [g] }) => [
    x!.type.dtype === "float32" && attrs.dtype === "float32" ? g : undefined,
  ],
  reference: ([x], { dtype }) => [
    dtype === "float32"
      ? x!.data.slice()
      : x!.data.map((v) => (dtype === "int32" ? Math.trunc(v) : Math.trunc(v) & 255)),
  ],
};

/** Applies an elementwise record to operands that already have one shape. */
export const same = (record: OpRecord<string, NoAttrs>, ...inputs: readonly Value[]): Value =>
  apply(record, inputs, {});

/** A constant with the shape of `x`. */
export const like = (x: Value, value: number): Value => apply(constantOp, [], { value, shape: x.type.shape });
