// What an evaluated operator is given and gives.
import type { OnnxNode, OnnxTensor } from "../proto.js";

/** A constant, and where it depends on the batch what it is for the other of two sizes. */
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

/** What an operator makes of constants, one result or several. @throws FoveaError that completes "the operator X ...". */
export type Evaluate = (application: Application) => OnnxTensor | readonly OnnxTensor[];
