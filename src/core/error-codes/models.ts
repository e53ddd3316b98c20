// Codes for models, runs and studies.
import type { ErrorCodeFacts } from "./facts.js";

export const MODELS = {
  "unknown-model": {
    meaning: "There is no such model.",
    cause: "The name or the path is wrong, or the run has not made its model yet.",
    fix: "Give a model file, the folder of a run, or one of the names listed.",
  },
  "unsuited-model": {
    meaning: "A model does not do this task.",
    cause: "It is of another task, takes no images, or has other outputs.",
    fix: "Give a model of the kind that the message names.",
  },
  "unknown-layer": {
    meaning: "A model has no layer of that name.",
    cause: "The name is misspelt; `fovea summary` lists them.",
    fix: "Take one of the model's layers.",
  },
  "unsupported-operator": {
    meaning: "A model file uses an operator that is not read, or one in a way that is not.",
    cause: "The exporting program wrote more than layers of this kind.",
    fix: "Export it otherwise; see docs/models-from-elsewhere.md.",
  },
  "unsupported-layer": {
    meaning: "A Keras file has a layer or a setting that is not read.",
    cause: "It is code of Python, of a library of its own, or of an older form.",
    fix: "Replace the layer in Keras, or export the model to ONNX.",
  },
  "weights-missing": {
    meaning: "A model has no weights, or some are not there.",
    cause: "The file holds a description alone, or its weights lie in another file.",
    fix: "Put the weights beside it, or get them as the message says.",
  },
  "weights-mismatch": {
    meaning: "Weights do not fit the model.",
    cause: "They are of another network, or of one with other classes or sizes.",
    fix: "Give the weights of this model, or load by name what fits.",
  },
  "not-exportable": {
    meaning: "A model cannot be written in that format.",
    cause: "The format has no place for one of its layers, types or numbers.",
    fix: "Write another format, as the message proposes.",
  },
  "conversion-loss": {
    meaning: "What would be written differs too much from the model, so nothing was written.",
    cause: "The shorter numbers lose too much, or the format computes otherwise.",
    fix: "Write float16 or float32.",
  },
  diverged: {
    meaning: "Training went to numbers that are not finite.",
    cause: "The learning rate is too high, or the targets are too large.",
    fix: "Train with a lower rate, or scale the targets.",
  },
  "unknown-quantity": {
    meaning: "A quantity to watch or to optimise is not among the logs.",
    cause: "There is no validation, or the metric was not asked for.",
    fix: "Take one of the quantities that the message lists.",
  },
  "unreachable-goal": {
    meaning: "No setting reaches the goal on these data.",
    cause: "The risk or the confidence is stricter than the model or the number of images allows.",
    fix: "Ask for less, or validate with more images.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const RUNS = {
  unfinished: {
    meaning: "A run or a trial has not ended, so there is no result of it yet.",
    cause: "It was stopped, or is still at work.",
    fix: "Go on with it, as with `fovea train --resume`.",
  },
  "record-mismatch": {
    meaning: "Data, weights or settings are not those that a run or a study has noted.",
    cause: "They were changed, or other ones were given.",
    fix: "Bring back those of the record, or begin anew under another name.",
  },
  "unknown-parameter": {
    meaning: "A parameter is not in the space of a study, or its value is not.",
    cause: "The name is misspelt, or the space has changed.",
    fix: "Take one of the parameters that the message lists.",
  },
  "unknown-entry": {
    meaning: "A study, a trial, an identity or an opened thing of that name is not there.",
    cause: "It was removed, never made, or belongs to a Studio that was started before.",
    fix: "Choose one that is there, or open it again.",
  },
  "storage-failed": {
    meaning: "The storage of a study cannot be reached or written any more.",
    cause: "The database or the disk does not answer, or another program holds it.",
    fix: "Run the same command again when it answers; the study goes on.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
