// What is wrong with an operator of an ONNX graph, as the end of the sentence "the operator X that gives Y ...". Whoever
// reads the node puts the beginning to it.
import { FoveaError } from "../../../core/errors.js";

export class NodeError extends FoveaError {}
