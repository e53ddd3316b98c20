// Facts of a model's card: plain data, made by experiment/card and drawn by pages/card-page.ts. Each figure says where in the
// run's files it stands, so that a reader can look it up and a test can find it again.

/** A file of the run and a JSON Pointer (RFC 6901) into it: `metrics.json#/test/accuracy`. */
export type CardSource = string;

/**
 * State of a line: known, missing because only a person can write it, not known because a check was not run, or broken: a check that
 * does not hold.
 */
export type CardState = "known" | "missing" | "open" | "broken";

/** One line of a card. */
export interface CardRow {
  readonly label: string;
  readonly value: string;
  readonly state: CardState;
  readonly from: readonly CardSource[];
}

/** Figures of several things, such as classes. */
export interface CardTable {
  readonly title: string;
  readonly columns: readonly { readonly head: string; readonly number?: boolean }[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly from: readonly CardSource[] }[];
  /** A sentence below it. */
  readonly note?: string;
}

export interface CardSection {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly CardRow[];
  readonly tables: readonly CardTable[];
}

/** A thing that rules ask for: its places in each of them, and where it is told. */
export interface CardDuty {
  readonly title: string;
  /** The section of the card; absent for what is not on it. */
  readonly section?: string;
  /** True for what nobody can take from files. */
  readonly person: boolean;
  readonly state: CardState;
  /** The place in each rule, in the order of `rules`; empty where it does not ask for it. */
  readonly places: readonly string[];
}

/** A model's card as its page shows it. */
export interface CardFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Name and version of the program that made it. */
  readonly createdBy: string;
  /** Coordinated universal time at which the card was made, ISO 8601. */
  readonly time: string;
  /** Parts of the card. */
  readonly sections: readonly CardSection[];
  /** Names of the rules, short and in full, each with what its places were compared with. */
  readonly rules: readonly { readonly name: string; readonly title: string; readonly certainty: string }[];
  /** Places of rules, with the answers. */
  readonly duties: readonly CardDuty[];
}
