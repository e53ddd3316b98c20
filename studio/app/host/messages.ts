// Messages between the page and the worker that holds its workbench, and the sentence where nobody answers.
import type { CallName } from "../../contract/calls.js";
import type { News } from "../../contract/facts.js";
import type { Answered } from "../../workbench/answer.js";

/** The sentence of a page whose program has ended. */
export const NO_ANSWER =
  "the Studio's program does not answer; start `fovea studio` again, and open the address it prints";

export type Question =
  | { readonly kind: "call"; readonly name: CallName; readonly input: unknown }
  | { readonly kind: "picture"; readonly project: string; readonly index: number }
  | { readonly kind: "file"; readonly file: string; readonly parts: readonly string[] };

export interface ToWorker {
  readonly id: number;
  readonly question: Question;
}

export type FromWorker =
  | { readonly kind: "answer"; readonly id: number; readonly answered: Answered }
  | { readonly kind: "news"; readonly news: News };

/** The answer to a question for a file. */
export interface FileAnswer {
  readonly content: Blob;
  readonly name?: string | undefined;
}
