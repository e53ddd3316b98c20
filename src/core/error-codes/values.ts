// Codes for what is passed: options, numbers, names, tensors and graphs.
import type { ErrorCodeFacts } from "./facts.js";

export const VALUES = {
  "wrong-usage": {
    meaning: "The command line is wrong; the command ends with exit status 2.",
    cause: "An option is unknown, has no such value, or does not go together with another.",
    fix: "See `fovea COMMAND --help`.",
  },
  "wrong-type": {
    meaning: "A value has the wrong type.",
    cause: "A text was passed in place of a number, a list, a function or an object.",
    fix: "Pass a value of the type that the message names.",
  },
  "out-of-range": {
    meaning: "A number is outside of its range, or is not a whole number where one is required.",
    cause: "A setting, an index or an axis is too small or too large.",
    fix: "Choose a number within the bounds that the message gives.",
  },
  "unknown-choice": {
    meaning: "A name is not among the choices.",
    cause: "A name is misspelt, or belongs to another version.",
    fix: "Use one of the names that the message lists.",
  },
  "unknown-option": {
    meaning: "An options object has an unknown key.",
    cause: "The key is misspelt, or belongs to another function.",
    fix: "Use one of the keys that the message lists, or leave the key out.",
  },
  "malformed-text": {
    meaning: "A text has the wrong form.",
    cause: "A size has no unit, an address has no scheme, or a part of an equation is missing.",
    fix: "Write it as the message shows.",
  },
  "conflicting-options": {
    meaning: "Two settings exclude each other.",
    cause: "Both were given, or one contradicts the other.",
    fix: "Leave one of them out.",
  },
  "unsuited-option": {
    meaning: "A setting has no meaning for these data, this model or this task.",
    cause: "It belongs to another kind of target, model or file.",
    fix: "Leave it out, or use data, a model or a task that it suits.",
  },
  "missing-option": {
    meaning: "A required setting is missing.",
    cause: "The data or the file can be read in several ways, or another setting requires this one.",
    fix: "Add the setting that the message names.",
  },
  "empty-input": {
    meaning: "A list is empty, and at least one entry is needed.",
    cause: "A selection matched nothing, or the entries did not exist yet.",
    fix: "Pass at least one entry.",
  },
  "length-mismatch": {
    meaning: "Lists that belong together differ in length or in their names.",
    cause: "One list has an entry for each sample, class, input or output, and another has more or fewer.",
    fix: "Give one entry for each, in the same order.",
  },
  "not-finite": {
    meaning: "A number is NaN or infinite, and has to be finite.",
    cause: "A division by zero, a logarithm of zero, or a model whose training failed.",
    fix: "Find the first such number at the position in the message, and correct or remove it.",
  },
  duplicate: {
    meaning: "A name or an entry occurs twice.",
    cause: "Two columns, layers, classes or files have the same name, or a list has an entry twice.",
    fix: "Rename or remove one of the two.",
  },
  "unusable-name": {
    meaning: "A name is not allowed in a file, a folder or a format.",
    cause: "It contains reserved characters.",
    fix: "Rename it.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const TENSORS = {
  "shape-mismatch": {
    meaning: "A tensor, image or sample has the wrong shape.",
    cause: "The batch axis or the channels are missing, or the sizes of two operands differ.",
    fix: "Compare the two shapes in the message; `expandDims(x, 0)` adds a batch axis.",
  },
  "dtype-mismatch": {
    meaning: "Numbers have the wrong type.",
    cause: "An array has whole numbers, 64-bit numbers or text, and float32 is needed.",
    fix: "Convert it, with `cast` in a graph or `astype` in NumPy.",
  },
  "wrong-graph": {
    meaning: "A graph of a computation is not valid.",
    cause: "An input is missing among the inputs, a variable is updated twice, or samples of a batch are mixed.",
    fix: "Change the graph as the message says.",
  },
  "not-ready": {
    meaning: "A call was made too early: a step before it is missing.",
    cause: "A model is not built or compiled yet, a file is not open yet, or nothing is selected yet.",
    fix: "First do the step that the message names.",
  },
  "already-ended": {
    meaning: "A session, a trial or a run has ended and cannot be used or changed any more.",
    cause: "It was closed or finished before this call.",
    fix: "Open or start another one.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
