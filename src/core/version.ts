// The version of this package, for artefacts to say who made them. A test holds it to package.json.
export const VERSION = "0.1.0";
