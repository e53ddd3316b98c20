// The code of a Markdown page, as the site's conventions have it. Blocks of ```ts are one program, in order; "ts alone"
// begins a program of its own, "ts not run: REASON" is shown only. Lines of "sh run" are commands that run where they stand, those of "sh fails" end in an error,
// "output" is what the block before it prints (... stands for anything), "file NAME" is a file that the page names.
// Comments of HTML prepare without being shown: <!-- run ... -->, <!-- ts ... -->, <!-- file NAME ... -->.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository; this file runs from dist/test/docs. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A block of code, shown or hidden. */
export interface Block {
  /** Path of the Markdown file. */
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** Words behind the language: "alone", "run", "file study.json", "not run: REASON". */
  readonly note: string;
  readonly code: string;
}

/** All blocks of a page in order, hidden ones included. */
export function blocksOf(file: string, text = readFileSync(join(ROOT, file), "utf8")): Block[] {
  const found = text.matchAll(
    /^```([\w-]*)(?: ([^\n]*))?\n([\s\S]*?)^```$|^<!-- (ts|run|file)(?: ([^\n]*))?\n([\s\S]*?)^-->$/gm,
  );
  return [...found].map((match) => {
    const [, language, note, code, hidden, hiddenNote, hiddenCode] = match;
    const line = text.slice(0, match.index).split("\n").length;
    if (hidden === undefined) return { file, line, language: language!, note: note ?? "", code: code! };
    const shared = { file, line, code: hiddenCode! };
    if (hidden === "ts") return { ...shared, language: "ts", note: hiddenNote ?? "" };
    if (hidden === "run") return { ...shared, language: "sh", note: "run" };
    return { ...shared, language: "", note: `file ${hiddenNote}` };
  });
}

export const notRun = ({ note }: Block): string | undefined => /^not run: (.+)/.exec(note)?.[1];

/** Something that a page's run does, in order. */
export type Step =
  | { readonly kind: "code"; readonly block: Block; readonly output: string | undefined }
  | { readonly kind: "commands"; readonly block: Block; readonly output: string | undefined }
  | { readonly kind: "file"; readonly block: Block; readonly name: string };

/** Steps of a page that run together: one program, and the commands and files between its blocks. */
export function runsOf(file: string): Step[][] {
  const blocks = blocksOf(file);
  const runs: Step[][] = [];
  for (const [i, block] of blocks.entries()) {
    const next = blocks[i + 1];
    const output = next?.language === "output" ? next.code : undefined;
    const step = stepOf(block, output);
    if (step === undefined) continue;
    if (runs.length === 0 || block.note === "alone") runs.push([]);
    runs.at(-1)!.push(step);
  }
  return runs.filter((steps) => steps.some(({ kind }) => kind !== "file"));
}

function stepOf(block: Block, output: string | undefined): Step | undefined {
  const name = /^file (\S+)/.exec(block.note)?.[1];
  if (name !== undefined) return { kind: "file", block, name };
  if (block.language === "ts" && notRun(block) === undefined) return { kind: "code", block, output };
  if (block.language === "sh" && (block.note === "run" || block.note === "fails"))
    return { kind: "commands", block, output };
  return undefined;
}

/** Words of a command line as a shell would split it, comments and what follows two spaces taken off. */
export function wordsOf(line: string): string[] {
  const command = line
    .replace(/(?<=\S)(?: {2,}|\s# ).*$/, "")
    .replace(/ (?:\||>|&&|:::) ?.*$/, "")
    .trim();
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare!,
  );
}

/** Lines of a block that call fovea, continued lines joined. */
export const commandLines = (code: string): string[] =>
  code
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/^\$ /, ""))
    .filter((line) => /^(?:npx )?fovea /.test(line))
    .map((line) => line.replace(/^npx /, ""));

/** The parts of a module: what it imports by name from each module, and the rest. */
interface Module {
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rest: string;
}

function moduleParts(code: string): Module {
  const imports = new Map<string, Set<string>>();
  const rest = code.replaceAll(/^import \{([^}]*)\} from "([^"]+)";\n/gm, (_, names: string, from: string) => {
    const known = imports.get(from) ?? new Set<string>();
    for (const name of names.split(",").map((part) => part.trim())) if (name !== "") known.add(name);
    imports.set(from, known);
    return "";
  });
  return { imports, rest };
}

/**
 * The blocks of a run as one module in TypeScript: imports once, at the top, and a call before each step that is no code, or
 * whose output is compared.
 */
export function programOf(steps: readonly Step[]): string {
  const imports = new Map<string, Set<string>>();
  const bodies = steps.map((step, i) => {
    const begin = `await foveaStep(${i});\n`;
    if (step.kind !== "code") return begin;
    const parts = moduleParts(step.block.code);
    for (const [from, names] of parts.imports) imports.set(from, new Set([...(imports.get(from) ?? []), ...names]));
    return begin + parts.rest;
  });
  const head = [...imports].map(([from, names]) => `import { ${[...names].sort().join(", ")} } from "${from}";\n`);
  const step = "declare global {\n  var foveaStep: (step: number) => Promise<void>;\n}\n";
  return `${head.join("")}${step}${bodies.join("\n")}\nexport {};\n`;
}
