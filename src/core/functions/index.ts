// Functions that build graphs, as one writes formulas, gathered from their families. Composites live there; whatever
// needs a kernel of its own is a record under ops/.
export * from "./einsum.js";
export * from "./elementwise.js";
export * from "./image.js";
export * from "./indexing.js";
export * from "./reduction.js";
export * from "./shaping.js";
export * from "./window.js";
