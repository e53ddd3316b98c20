// Keras parity on the reference backend.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { graphSuite } from "./keras-graph-suite.js";

graphSuite(referenceBackend);
