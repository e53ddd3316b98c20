// Losses of linear models as convex functions of their weights, which Newton's method solves. number-losses.ts makes them.

/** A loss along the output of a model's last layer, before its link. It is convex. */
export type Curve = (
  actual: number,
  linear: number,
) => { readonly value: number; readonly slope: number; readonly bend: number };

/** Loss of a linear model as a convex function of its weights. */
export interface ConvexLoss {
  /** Loss of each output; the loss of a row is their mean. */
  readonly curves: readonly Curve[];
  /** Factor of the squares of all weights but the biases. */
  readonly penalty: number;
}
