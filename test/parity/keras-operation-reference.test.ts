// Keras parity on the reference backend.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { operationSuite } from "./keras-operation-suite.js";

operationSuite(referenceBackend);
