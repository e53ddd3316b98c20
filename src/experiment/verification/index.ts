// The face of verification: images compared, galleries of identities, errors by group.

export { type Candidate, type Enrolled, enrol, forget, type Identified, identify } from "./gallery.js";
export { type Gallery, readGallery, writeGallery } from "./gallery-file.js";
export { type GroupErrors, groupErrorsOf, type PairRate } from "./group-errors.js";
export { FACES } from "./limits.js";
export { type ComparedPair, comparePair, openVerifier, type Verifier, type VerifierOptions } from "./verifier.js";
