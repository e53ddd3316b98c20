// Codes for models, runs and studies.
import type { ErrorCodeFacts } from "./facts.js";

export const MODELS = {
  "unknown-model": {
    meaning: "There is no such model.",
    cause: "The name or the path is wrong, or the run has not written its model yet.",
    fix: "Give a model file, the folder of a run, or one of the names listed.",
  },
  "unsuited-model": {
    meaning: "A model does not do this task.",
    cause: "It is for another task, takes no images, or has other outputs.",
    fix: "Give a model of the kind that the message names.",
  },
  "unknown-layer": {
    meaning: "A model has no layer of that name.",
    cause: "The name is misspelt; `fovea summary` lists them.",
    fix: "Use one of the model's layers.",
  },
  "unsupported-operator": {
    meaning: "A model file uses an operator that Fovea does not support, or not in this way.",
    cause: "The exporting program wrote operators that are not layers.",
    fix: "Export it in another format; `fovea docs models-from-elsewhere` lists them.",
  },
  "unsupported-layer": {
    meaning: "A Keras file has a layer or a setting that Fovea does not support.",
    cause: "It is Python code, belongs to another library, or has an older form.",
    fix: "Replace the layer in Keras, or export the model to ONNX.",
  },
  "weights-missing": {
    meaning: "A model has no weights, or some are missing.",
    cause: "The file contains only a description, or the weights are in another file.",
    fix: "Put the weights beside it, or get them as the message says.",
  },
  "weights-mismatch": {
    meaning: "Weights do not fit the model.",
    cause: "They belong to another network, or to one with other classes or sizes.",
    fix: "Give the weights of this model, or load the matching weights by name.",
  },
  "not-exportable": {
    meaning: "A model cannot be written in that format.",
    cause: "The format has no place for one of its layers, types or numbers.",
    fix: "Write another format, as the message suggests.",
  },
  "conversion-loss": {
    meaning: "The converted model would differ too much from the original, so nothing was written.",
    cause: "Numbers with fewer bits lose too much, or the format computes differently.",
    fix: "Write float16 or float32.",
  },
  diverged: {
    meaning: "Training led to numbers that are not finite.",
    cause: "The learning rate is too high, or the targets are too large.",
    fix: "Train with a lower rate, or scale the targets.",
  },
  "unknown-quantity": {
    meaning: "A quantity to watch or to optimise is not among the logs.",
    cause: "There is no validation, or the metric was not requested.",
    fix: "Use one of the quantities that the message lists.",
  },
  "unreachable-goal": {
    meaning: "No setting reaches the goal on these data.",
    cause: "The goal is stricter than the model or the number of images allows.",
    fix: "Choose a less strict goal, or validate with more images.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const RUNS = {
  unfinished: {
    meaning: "A run or a trial has not ended, so it has no result yet.",
    cause: "It was stopped, or is still running.",
    fix: "Continue it, for example with `fovea train --resume`.",
  },
  "record-mismatch": {
    meaning: "Data, weights or settings differ from those that a run or a study has recorded.",
    cause: "They were changed, or others were passed.",
    fix: "Restore the recorded ones, or start again under another name.",
  },
  "unknown-parameter": {
    meaning: "A parameter or its value is not in the space of a study.",
    cause: "The name is misspelt, or the space has changed.",
    fix: "Use one of the parameters that the message lists.",
  },
  "unknown-entry": {
    meaning: "There is no study, trial, identity or open project with this name.",
    cause: "It was removed, never made, or belongs to a Studio that was started before.",
    fix: "Choose an existing one, or open it again.",
  },
  "storage-failed": {
    meaning: "The storage of a study cannot be reached or written any more.",
    cause: "The database or the disk does not answer, or another program holds it.",
    fix: "Run the same command again when it answers; the study continues.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
