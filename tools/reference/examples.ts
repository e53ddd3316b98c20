// Examples of doc comments as modules that run: names of the package are imported, names of the scene (images, a model)
// taken from it. An example needs no imports of its own; which entry has a name is known.
import type { Entry } from "./model.js";

export interface ExampleModule {
  /** The export that shows the example, with its entry: "fovea/losses huber". */
  readonly title: string;
  /** The module's text. */
  readonly text: string;
  readonly at: string;
}

const IDENTIFIER = /(?<![\w$.'"`-])[A-Za-z_$][\w$]*/g;
const DECLARED = /\b(?:const|let|function|class)\s+(?:\{([^}]*)\}|\[([^\]]*)\]|([\w$]+))/g;
const STRINGS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/.*$/gm;

/**
 * Makes a module of every example.
 * @param entries The public interface.
 * @param scene Names that the scene gives to all examples: see test/reference/scene.ts.
 */
export function exampleModules(entries: readonly Entry[], scene: ReadonlySet<string>): readonly ExampleModule[] {
  const homes = new Map<string, string>();
  for (const { name, items, elsewhere } of [...entries].reverse()) {
    for (const item of items) homes.set(item.name, name);
    for (const item of elsewhere.keys()) homes.set(item, name);
  }
  return entries.flatMap(({ name: entry, items, elsewhere }) => {
    const here = new Set([...items.map(({ name }) => name), ...elsewhere.keys()]);
    return items.flatMap((item) =>
      [item.comment, ...item.members.map(({ comment }) => comment)].flatMap(({ examples }) =>
        examples.map((example) => ({
          title: `${entry} ${item.name}`,
          text: moduleOf(example, scene, (name) => (here.has(name) ? entry : homes.get(name))),
          at: `${item.file}:${item.line}`,
        })),
      ),
    );
  });
}

function moduleOf(example: string, scene: ReadonlySet<string>, homeOf: (name: string) => string | undefined): string {
  const code = example.replace(STRINGS, "");
  const declared = new Set(
    [...code.matchAll(DECLARED)].flatMap(([, object, list, name]) =>
      (object ?? list ?? name ?? "").split(",").map((part) => part.split(":").at(-1)!.replace("...", "").trim()),
    ),
  );
  const used = [...new Set([...code.matchAll(IDENTIFIER)].map(([name]) => name))].filter((name) => !declared.has(name));
  const isCalled = (name: string): boolean => new RegExp(`(?<![\\w$.])${name}\\(`).test(code);
  const taken = used.filter((name) => scene.has(name) && !(isCalled(name) && homeOf(name) !== undefined));
  const imports = used.flatMap((name) => {
    const home = taken.includes(name) ? undefined : homeOf(name);
    return home === undefined ? [] : [`import { ${name} } from ${JSON.stringify(home)};`];
  });
  const names = taken.length === 0 ? "" : `const { ${taken.join(", ")} } = globalThis.scene;\n`;
  return `${imports.join("\n")}\n${names}${example}\nexport {};\n`;
}
