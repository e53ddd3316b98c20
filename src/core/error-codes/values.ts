// Codes for what is passed: options, numbers, names, tensors and graphs.
import type { ErrorCodeFacts } from "./facts.js";

export const VALUES = {
  "wrong-usage": {
    meaning: "The command line is wrong; the command ends with exit status 2.",
    cause: "An option is unknown, has no such value, or does not go together with another.",
    fix: "See `fovea COMMAND --help`.",
  },
  "wrong-type": {
    meaning: "A value is of another kind than is expected.",
    cause: "A text stands where a number, a list, a function or an object belongs.",
    fix: "Pass the kind of value that the message names.",
  },
  "out-of-range": {
    meaning: "A number lies outside of its range, or is not whole where it has to be.",
    cause: "A setting, an index or an axis is too small or too large.",
    fix: "Choose a number within the bounds that the message gives.",
  },
  "unknown-choice": {
    meaning: "A name is none of those that can be chosen.",
    cause: "A name is misspelt, or belongs to another version.",
    fix: "Take one of the names that the message lists.",
  },
  "unknown-option": {
    meaning: "An options object has a key that nothing reads.",
    cause: "The key is misspelt, or belongs to another function.",
    fix: "Take one of the keys that the message lists, or leave it out.",
  },
  "malformed-text": {
    meaning: "A text does not have the form that its meaning needs.",
    cause: "A size lacks its unit, an address its scheme, an equation a part.",
    fix: "Write it as the message shows.",
  },
  "conflicting-options": {
    meaning: "Two settings exclude each other.",
    cause: "Both were given, or one contradicts the other.",
    fix: "Leave one of them out.",
  },
  "unsuited-option": {
    meaning: "A setting means nothing for these data, this model or this task.",
    cause: "It belongs to another kind of target, model or file.",
    fix: "Leave it out, or choose the data, model or task that it is for.",
  },
  "missing-option": {
    meaning: "Something has to be said that was not.",
    cause: "The data or the file leave several readings open, or a setting depends on another.",
    fix: "Add the thing that the message names.",
  },
  "empty-input": {
    meaning: "A list has nothing in it, and at least one thing is needed.",
    cause: "A selection matched nothing, or a call was made before there was anything to pass.",
    fix: "Pass at least one.",
  },
  "length-mismatch": {
    meaning: "Lists that belong together differ in length or in their names.",
    cause: "One has an entry for each sample, class, input or output, and another has more or fewer.",
    fix: "Give one entry for each, in the same order.",
  },
  "not-finite": {
    meaning: "A number is NaN or infinite where only finite ones make sense.",
    cause: "A division by zero, a logarithm of zero, or a model whose training went wrong.",
    fix: "Find the first of them by the position that the message gives, and correct or drop it.",
  },
  duplicate: {
    meaning: "A name or an entry is there twice.",
    cause: "Two columns, layers, classes or files have one name, or a list names one thing twice.",
    fix: "Rename or remove one of the two.",
  },
  "unusable-name": {
    meaning: "A name cannot be used where it would be written.",
    cause: "It has characters that a file, a folder or a format reserves.",
    fix: "Rename it.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const TENSORS = {
  "shape-mismatch": {
    meaning: "A tensor, image or sample has another shape than is expected.",
    cause: "The batch axis or the channels are missing, or the sizes of two operands differ.",
    fix: "Compare the two shapes in the message; `expandDims(x, 0)` adds a batch axis.",
  },
  "dtype-mismatch": {
    meaning: "Numbers are of another type than is expected.",
    cause: "An array is of whole numbers, 64 bits or text where float32 is needed.",
    fix: "Convert it, with `cast` in a graph or `astype` in NumPy.",
  },
  "wrong-graph": {
    meaning: "A graph of a computation cannot be as it was put together.",
    cause: "An input is missing among the inputs, a variable is updated twice, or samples of a batch are mixed.",
    fix: "Put the graph together as the message says.",
  },
  "not-ready": {
    meaning: "A call comes before a step that it needs.",
    cause: "A model is not built or compiled yet, a file is not open yet, nothing was chosen yet.",
    fix: "Do the step that the message names first.",
  },
  "already-ended": {
    meaning: "A session, a trial or a run has ended and cannot be used or changed any more.",
    cause: "It was closed or finished before this call.",
    fix: "Open or begin another one.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
