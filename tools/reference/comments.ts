// Doc comments, read: the text, and what the tags say. Who has which comment is walk.ts.

/** A doc comment. Text and tags keep their line breaks; stars and margins are gone. */
export interface DocComment {
  readonly text: string;
  /** Texts of `@param`, by the parameter's name. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly returns: string | undefined;
  readonly errors: readonly string[];
  readonly examples: readonly string[];
}

/** The comment of a thing that has none. */
export const NO_COMMENT: DocComment = {
  text: "",
  parameters: new Map(),
  returns: undefined,
  errors: [],
  examples: [],
};

const TAG = /(?:^|(?<=\s))@(param|returns|throws|example)\b[ \t]*/;

/**
 * Reads a doc comment as it stands in the source, from its opening to its closing mark.
 * @param source The comment with its marks. TypeScript's positions include the blanks and line comments before it, which
 * are left out.
 */
export function readComment(source: string): DocComment {
  const lines = source
    .replace(/^(?:\s|\/\/.*\n)*/, "")
    .replace(/^\/\*\*[ \t]?/, "")
    .replace(/\s*\*\/$/, "")
    .split("\n")
    .map((line, i) => (i === 0 ? line : line.replace(/^\s*\*? ?/, "")));
  const parts = lines.join("\n").split(TAG);
  const tags = Array.from({ length: (parts.length - 1) / 2 }, (_, i) => ({
    name: parts[2 * i + 1]!,
    text: parts[2 * i + 2]!.replace(/\s+$/, ""),
  }));
  const texts = (name: string): string[] => tags.filter((tag) => tag.name === name).map(({ text }) => text);
  return {
    text: parts[0]!.trim(),
    parameters: new Map(
      texts("param").map((text) => {
        const [, name = "", rest = ""] = /^(?:\[)?([\w$.]+)(?:\])?(?:\s+-)?\s*([\s\S]*)$/.exec(text) ?? [];
        return [name, rest] as const;
      }),
    ),
    returns: texts("returns")[0],
    errors: texts("throws").map((text) => text.trim()),
    examples: texts("example").map((text) => text.replace(/^\n+/, "")),
  };
}

/** True where a text speaks of a parameter: its name stands in it as code. */
export const speaksOf = (text: string, name: string): boolean =>
  new RegExp(`\`[^\`]*(?<![\\w$.])${name.replace(/[$[\](){}.*+?^|\\]/g, "\\$&")}(?![\\w$])[^\`]*\``).test(text);
