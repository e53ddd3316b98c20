// Training on the reference backend.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { fitSuite } from "./fit-suite.js";

fitSuite(referenceBackend);
