// Questions of the page to its engine: a total table of questions with what each answers.
import type { Answer, PageSettings, Refusal, RowsAsked, TaskFacts } from "fovea/experiment";

/** A file that somebody brought. */
export interface Brought {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A column of the table that a model was trained on. */
export type ColumnFacts =
  | { readonly type: "number"; readonly name: string; readonly mean: number }
  | { readonly type: "category"; readonly name: string; readonly categories: readonly string[] };

/** Facts of the model that the page shows. */
export interface ModelFacts {
  readonly task: TaskFacts | undefined;
  /** Pixels that photos are brought to; undefined for a model of a table. */
  readonly image: { readonly height: number; readonly width: number; readonly color: string } | undefined;
  readonly table:
    | {
        readonly target: string;
        readonly columns: readonly ColumnFacts[];
        /** True where a cell may be left empty. */
        readonly mayMiss: boolean;
        readonly exposure: string | undefined;
        readonly delimiter: string;
      }
    | undefined;
}

export interface Questions {
  /** Opens the model; asked once, first. */
  readonly open: {
    readonly ask: {
      readonly model: Uint8Array;
      readonly jpeg: Uint8Array;
      readonly webp: Uint8Array;
      readonly settings: PageSettings;
    };
    readonly answer: ModelFacts;
  };
  /** Asks about a photo, whose answer the engine remembers under a number where there is one. */
  readonly photo: {
    readonly ask: { readonly photo: Brought; readonly number: number | undefined };
    readonly answer: { readonly answer: Answer | Refusal; readonly milliseconds: number };
  };
  /** Asks what speaks for a class, label or number in a photo: a PNG of the photo as the model gets it beside the same under a map. */
  readonly map: {
    readonly ask: { readonly photo: Brought; readonly index: number | undefined };
    readonly answer: { readonly png: Uint8Array; readonly method: string; readonly of: string };
  };
  /** Asks for the remembered answers as a table. */
  readonly csv: { readonly ask: { readonly numbers: readonly number[] }; readonly answer: string };
  /** Asks about the rows of a table. */
  readonly rows: {
    readonly ask: { readonly table: Brought };
    readonly answer: { readonly rows: RowsAsked; readonly notes: readonly string[]; readonly csv: string };
  };
}

export type QuestionName = keyof Questions;

/** A question on its way. */
export type ToEngine = {
  readonly [K in QuestionName]: { readonly id: number; readonly kind: K; readonly ask: Questions[K]["ask"] };
}[QuestionName];

/** An answer on its way: a value, or a sentence that says why there is none. */
export type FromEngine =
  | { readonly id: number; readonly value: Questions[QuestionName]["answer"] }
  | { readonly id: number; readonly error: string };
