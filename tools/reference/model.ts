// The public interface of the package as data: entries, their exports, parameters and members, with their comments.
// walk.ts makes it from the sources; coverage.ts and pages.ts read it.
import type { DocComment } from "./comments.js";

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** The default as the code has it. */
  readonly value: string | undefined;
  /** The name of an exported or documented type of options, whose members say what this parameter takes. */
  readonly options: string | undefined;
}

/** A property, method or accessor of a class, an interface or a type that lists properties. */
export interface Member {
  readonly name: string;
  readonly comment: DocComment;
  readonly type: string;
  readonly optional: boolean;
  /** True where a class or interface that this extends documents the member. */
  readonly inherited: boolean;
  readonly parameters: readonly Parameter[];
}

export type Kind = "function" | "class" | "interface" | "type" | "constant";

export interface Item {
  readonly name: string;
  readonly kind: Kind;
  readonly comment: DocComment;
  /** The file, from the package's root, and the line of the declaration. */
  readonly file: string;
  readonly line: number;
  readonly signature: string;
  readonly parameters: readonly Parameter[];
  readonly members: readonly Member[];
  /** True where the code throws at first sight; errors of functions that it calls are not looked for. */
  readonly throws: boolean;
}

export interface Entry {
  /** The name that programs import: "fovea/losses". */
  readonly name: string;
  /** The header of the entry's file. */
  readonly summary: string;
  /** Exports that no entry before has; the others have their place there. */
  readonly items: readonly Item[];
  /** Names of exports that stand on the page of another entry, with its name. */
  readonly elsewhere: ReadonlyMap<string, string>;
}
