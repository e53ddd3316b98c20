// Keras parity on the reference backend.
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { imageSuite } from "./keras-image-suite.js";
import { nnSuite } from "./keras-suite.js";

nnSuite(referenceBackend);
imageSuite(referenceBackend);
