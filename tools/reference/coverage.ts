// Gaps in the documentation of the public interface: exports, parameters, options and members that nothing is said about.
import { speaksOf } from "./comments.js";
import type { Entry, Item, Member, Parameter } from "./model.js";

/** Rules, in the order of the table that is printed. */
export const RULES = ["sentence", "parameter", "member", "default", "errors", "example"] as const;
export type Rule = (typeof RULES)[number];

export interface Gap {
  readonly entry: string;
  readonly rule: Rule;
  /** Such as "Study.optimize(objective)". */
  readonly thing: string;
  readonly at: string;
}

/** Numbers of an entry: things that a rule asks for, and those that lack it. */
export type Count = Readonly<Record<Rule, { readonly asked: number; readonly lacking: number }>>;

export interface Coverage {
  readonly gaps: readonly Gap[];
  readonly counts: ReadonlyMap<string, Count>;
}

const SAYS_DEFAULT =
  /\bdefault|\bwithout\b|\bleft out\b|\babsent\b|\bonly (?:where|for|in|with)\b|\bunless\b|\bnone\b/i;

/**
 * Holds every export of every entry to the rules:
 * - sentence: an export has a doc comment;
 * - parameter: each parameter of a function, class or method is told by `@param`, in the text as code, or by the members of
 *   its type of options;
 * - member: each property and method of an exported type has a comment, its own or that of the type it extends;
 * - default: an optional member of options says what happens without it;
 * - errors: a function that throws has `@throws`;
 * - example: a function or class is called in the example of an export.
 *
 * A class that a function of its file makes has its parameters, options and example there.
 */
export function coverageOf(entries: readonly Entry[]): Coverage {
  const called = namesCalled(entries);
  const makers = makersOf(entries);
  const gaps: Gap[] = [];
  const counts = new Map<string, Count>();
  for (const entry of entries) {
    const tally = Object.fromEntries(RULES.map((rule) => [rule, { asked: 0, lacking: 0 }])) as Record<
      Rule,
      { asked: number; lacking: number }
    >;
    const options = optionsOf(entry);
    for (const item of entry.items)
      for (const { rule, thing, holds } of askedOf(item, called, makers.get(`${item.file} ${item.name}`), options)) {
        tally[rule].asked++;
        if (holds) continue;
        tally[rule].lacking++;
        gaps.push({ entry: entry.name, rule, thing, at: `${item.file}:${item.line}` });
      }
    counts.set(entry.name, tally);
  }
  return { gaps, counts };
}

/** Names that examples call, or make objects of. */
function namesCalled(entries: readonly Entry[]): ReadonlySet<string> {
  const examples = entries.flatMap(({ items }) =>
    items.flatMap(({ comment, members }) =>
      [comment, ...members.map((member) => member.comment)].flatMap((c) => c.examples),
    ),
  );
  return new Set(
    examples.flatMap((text) => [...text.matchAll(/(?<![\w$.])([\w$]+)(?=[(.<])/g)].map((found) => found[1]!)),
  );
}

/** Functions that make the objects of a class of their file, such as dense and Dense: programs call these. */
function makersOf(entries: readonly Entry[]): ReadonlyMap<string, Item> {
  const items = entries.flatMap((entry) => entry.items).filter(({ kind }) => kind === "function");
  return new Map(items.map((item) => [`${item.file} ${/: (\w+);?$/.exec(item.signature)?.[1] ?? ""}`, item]));
}

/** Names of all options and parameters of an entry: objects have properties of the same names. */
const optionsOf = ({ items }: Entry): ReadonlySet<string> =>
  new Set(
    items
      .filter(({ name, kind }) => kind === "function" || name.endsWith("Options"))
      .flatMap(({ members, parameters }) => [...members, ...parameters].map(({ name }) => name)),
  );

interface Asked {
  readonly rule: Rule;
  readonly thing: string;
  readonly holds: boolean;
}

function askedOf(
  item: Item,
  called: ReadonlySet<string>,
  maker: Item | undefined,
  options: ReadonlySet<string>,
): readonly Asked[] {
  const { name, comment, kind } = item;
  const isCalled = kind === "function" || (kind === "class" && maker === undefined);
  return [
    { rule: "sentence", thing: name, holds: comment.text !== "" },
    ...(kind === "class" && maker !== undefined ? [] : parametersAsked(name, comment, item.parameters)),
    ...item.members
      .filter(({ name: member }) => maker === undefined || kind !== "class" || !options.has(member))
      .flatMap((member) => memberAsked(item, member)),
    ...(item.throws ? [{ rule: "errors", thing: name, holds: comment.errors.length > 0 } as const] : []),
    ...(isCalled
      ? [{ rule: "example", thing: name, holds: comment.examples.length > 0 || called.has(name) } as const]
      : []),
  ];
}

const parametersAsked = (name: string, comment: Item["comment"], parameters: readonly Parameter[]): readonly Asked[] =>
  parameters.map((parameter) => ({
    rule: "parameter",
    thing: `${name}(${parameter.name})`,
    holds:
      comment.parameters.has(parameter.name) ||
      parameter.options !== undefined ||
      speaksOf(comment.text, parameter.name) ||
      (parameter.name.startsWith("{") && comment.text !== ""),
  }));

function memberAsked(item: Item, member: Member): readonly Asked[] {
  const name = `${item.name}.${member.name}`;
  if (member.inherited) return [];
  const isOption = item.name.endsWith("Options") && member.optional;
  const { text } = member.comment;
  return [
    { rule: "member", thing: name, holds: text !== "" },
    ...(isOption ? [{ rule: "default", thing: name, holds: SAYS_DEFAULT.test(text) } as const] : []),
    ...(text === "" ? [] : parametersAsked(name, member.comment, member.parameters)),
  ];
}
