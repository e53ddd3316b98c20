// Functions that build graphs, as one writes formulas, gathered from their families. Composites live there; whatever
// needs a kernel of its own is a record under ops/.
export * from "./functions/einsum.js";
export * from "./functions/elementwise.js";
export * from "./functions/image.js";
export * from "./functions/indexing.js";
export * from "./functions/reduction.js";
export * from "./functions/shaping.js";
export * from "./functions/window.js";
