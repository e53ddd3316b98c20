// The face of pretrained networks: the store of weights, embeddings, classification, ONNX Runtime.
export { weightsPath } from "../../platform/weights-path.js";
export {
  CLASSIFIER_NAMES,
  type Classified,
  type ClassifierName,
  classify,
  openPretrained,
  type Pretrained,
  type PretrainedOptions,
  usualNetwork,
} from "./classification.js";
export { type Embedder, type EmbedderOptions, embedderOf, openEmbedder } from "./embedding.js";
export { type Neighbour, nearestVectors, partVectors } from "./neighbours.js";
export {
  type Engine,
  type EngineFacts,
  type EngineName,
  openEngine,
  type Predictor,
} from "./onnxruntime.js";
export { addPackageModels, type PackageModel, type PackageModels } from "./package-models.js";
export { isShipped, openShipped, SHIPPED_BASES, SHIPPED_NAMES, type ShippedName } from "./shipped.js";
export {
  type Copies,
  copiesAmong,
  duplicateImages,
  type Pair,
  type Similar,
  similarImages,
} from "./similarity.js";
export {
  addWeights,
  asTyped,
  listWeights,
  openWeights,
  pullWeights,
  type StoredWeights,
  storedWeights,
  verifyWeights,
  type WeightsVariant,
  weightFileFor,
  weightsFolder,
} from "./weights-store.js";
