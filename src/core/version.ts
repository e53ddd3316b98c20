// The version of this package, for artefacts to say who made them. A test holds it to package.json.
/** The version of the package. */
export const VERSION = "0.1.0";
