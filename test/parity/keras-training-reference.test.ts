// Keras parity on the reference backend.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { trainingSuite } from "./keras-training-suite.js";

trainingSuite(referenceBackend);
