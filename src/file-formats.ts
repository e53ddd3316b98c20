// Formats of model files, read and written: a part of the composition root and the entry `fovea/formats`. Its loaders are those
// of `fovea`, with the default backend: a model that was opened can compute.
export * from "./formats/index.js";
export { loadKeras, loadKerasH5, loadModel, loadOnnx, loadTfjs } from "./loading.js";
