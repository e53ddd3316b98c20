// The facts that each code of an error has.

/** The facts about a code, in one sentence each. */
export interface ErrorCodeFacts {
  /** The fault in general. */
  readonly meaning: string;
  /** The usual way in which it comes about. */
  readonly cause: string;
  /** The usual remedy. */
  readonly fix: string;
}
