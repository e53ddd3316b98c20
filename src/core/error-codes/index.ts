// The codes of errors, the one list of them: programs decide by a code, people read the sentence. A code tells the kind
// of a fault; the thing, the rule and the fix are in the error's message. Codes are stable: one may be added, and none
// is renamed. docs/errors.md is made of this table by tools/make-error-page.ts. Nothing that computes loads this folder:
// errors.ts needs its type alone.
import { DATA, IMAGES } from "./data.js";
import type { ErrorCodeFacts } from "./facts.js";
import { MODELS, RUNS } from "./models.js";
import { FILES, MACHINE, NETWORK } from "./surroundings.js";
import { TENSORS, VALUES } from "./values.js";

export type { ErrorCodeFacts };

/** The codes by subject, in the order of the documentation. */
export const ERROR_CODE_GROUPS = {
  "Values and options": VALUES,
  "Tensors, graphs and order": TENSORS,
  "The machine": MACHINE,
  Files: FILES,
  Images: IMAGES,
  Data: DATA,
  Models: MODELS,
  "Runs and studies": RUNS,
  "Network and service": NETWORK,
} as const satisfies Record<string, Readonly<Record<string, ErrorCodeFacts>>>;

/**
 * All codes with their facts.
 * @example ERROR_CODES["not-an-image"].fix
 */
export const ERROR_CODES = {
  ...VALUES,
  ...TENSORS,
  ...MACHINE,
  ...FILES,
  ...IMAGES,
  ...DATA,
  ...MODELS,
  ...RUNS,
  ...NETWORK,
} as const satisfies Record<string, ErrorCodeFacts>;

/** The code of an error, by which programs decide. */
export type ErrorCode = keyof typeof ERROR_CODES;
