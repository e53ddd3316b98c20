// The face of explanations: pictures for models and runs.
export {
  ATTRIBUTIONS,
  type AttributionMethod,
  explainedTask,
  explainFeatures,
  explainFilters,
  explainImages,
  explainLayers,
  outputNumber,
} from "./explanation.js";
export { featureSheet, type GalleryOptions, layerGallery } from "./gallery.js";
export { type ExplainedPair, explainPair } from "./pair.js";
