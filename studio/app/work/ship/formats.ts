// The forms that a model is given away in: a total table of who reads each, what it keeps and what it loses.
import type { DEPLOYED_FORMS, FORMATS } from "../../../contract/files.js";

export interface FormatFacts {
  readonly title: string;
  readonly reader: string;
  readonly keeps: string;
  /** Empty where nothing is lost. */
  readonly loses: string;
}

export const FORMAT_FACTS: Readonly<Record<(typeof FORMATS)[number], FormatFacts>> = {
  keras: {
    title: ".keras",
    reader: "Keras 3 and Fovea",
    keeps: "weights, classes, preprocessing, task and recipe, all of it",
    loses: "",
  },
  onnx: {
    title: "ONNX",
    reader: "ONNX Runtime and most other programs",
    keeps: "the network with its weights, classes and Fovea's facts as metadata",
    loses: "the state of training; other programs must resize photos as the metadata says",
  },
  tfjs: {
    title: "TensorFlow.js",
    reader: "pages that use TensorFlow.js",
    keeps: "the layers and their weights, as model.json with shards in a zip, Fovea's facts as metadata",
    loses: "the state of training; pages must resize photos themselves",
  },
  teachable: {
    title: "Teachable Machine",
    reader: "Teachable Machine's pages and libraries",
    keeps: "the network, the classes in metadata.json, its square input",
    loses: "the recipe; sizes that are no square and other tasks are refused",
  },
  safetensors: {
    title: "safetensors",
    reader: "PyTorch and others",
    keeps: "the weights by their names, Fovea's facts as text",
    loses: "the network itself, which the reader must build",
  },
  weights: {
    title: ".weights.h5",
    reader: "Keras",
    keeps: "the weights by their layers",
    loses: "the network, the classes and everything else",
  },
};

/** The forms in which somebody without Fovea can use a model. */
export const DEPLOYED_FACTS: Readonly<
  Record<(typeof DEPLOYED_FORMS)[number], { readonly title: string; readonly button: string; readonly words: string }>
> = {
  page: {
    title: "A page",
    button: "Save the page",
    words:
      "One file that opens from a disk, without a server and a network: photos are dropped or pasted and answered as here, with " +
      "the model's card. Nothing leaves it.",
  },
  folder: {
    title: "A page for a web server",
    button: "Save the folder",
    words: "The same with a camera: it can be installed, and opens without a network after the first visit. A zip.",
  },
  node: {
    title: "A program of Node",
    button: "Save the program",
    words:
      "Some ten lines that ask the model, its file, and the version of Fovea that answers to the same bits. A zip.",
  },
};
