// Error about an operator of an ONNX graph: its message ends the sentence "the operator X that gives Y ...". The caller
// that reads the node adds the beginning.
import { FoveaError } from "../../../core/errors.js";

export class NodeError extends FoveaError {
  constructor(message: string) {
    super("unsupported-operator", message);
  }
}
