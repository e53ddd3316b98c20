// Maps of the pixels that decide, outputs of layers, and images to which channels respond most strongly: the entry
// `fovea/explain`.
export { activations, channelPictures, firingLayers, firstFilters, mapLayers, seeingLayers } from "./activations.js";
export {
  type Attribution,
  type AttributionOptions,
  type GradCamOptions,
  gradCam,
  gradCamPlusPlus,
  saliency,
} from "./attribution.js";
export { type ChannelKernel, type ChannelSum, channelKernel, channelSum } from "./channel-sum.js";
export { type FeatureLook, type FeatureOptions, type Features, visualizeFeatures } from "./feature-visualization.js";
export { type LayerFacts, layerFacts } from "./layers.js";
export { enlarged, heat, overlay, type Picture, sheet, stack } from "./maps.js";
export { type OcclusionOptions, occlusion, occlusionOf, type PatchOptions } from "./occlusion.js";
export type { Score } from "./probe.js";
