// Inputs and results of an evaluated operator.
import type { OnnxNode, OnnxTensor } from "../proto.js";

/** A constant; where it depends on the batch, also its value for the other of two sizes. */
export interface Folded extends OnnxTensor {
  readonly twin?: OnnxTensor;
}

/** One application of an operator to constants. */
export interface Application {
  readonly node: OnnxNode;
  readonly opset: number;
  /** Optional inputs that are absent are undefined. */
  readonly inputs: readonly (OnnxTensor | undefined)[];
  /** The largest result that is allowed, in numbers. */
  readonly most: number;
}

/** Computes one result or several out of constants. @throws FoveaError that completes "the operator X ...". */
export type Evaluate = (application: Application) => OnnxTensor | readonly OnnxTensor[];
