// `fovea/report`: facts, what can be computed from them, and the charts and pages that show them.
export { classCountHistogram, classCounts, countsPerClass } from "./charts/class-counts.js";
export { confidenceHistograms } from "./charts/confidence.js";
export { confusion } from "./charts/confusion.js";
export { curve } from "./charts/curves.js";
export { imageSizes } from "./charts/image-sizes.js";
export { type Chart, renderSvg } from "./charts/render.js";
export { type ClassScore, confusionMatrix, failureList, perClassTable, splitConfidence } from "./evaluation.js";
export type * from "./facts.js";
export { standaloneSvg } from "./fonts/embed.js";
export { type Histogram, histogram } from "./histogram.js";
export { pngDataUri } from "./images/data-uri.js";
export { renderInspectPage } from "./pages/inspect-page.js";
export type { RenderedPage } from "./pages/parts.js";
export { renderRunPage } from "./pages/run-page.js";
export { textBars, textHistogram } from "./text/bars.js";
export { type TextCurve, type TextCurveOptions, textCurves } from "./text/curves.js";
export { type TextColumn, textTable } from "./text/table.js";
export { cutColumns, padColumns, singleLine, textColumns } from "./text/width.js";
