// The examples of quick start: each image a file of its own from the moment that it comes, so that nothing is lost, and a
// small file that says which class it belongs to. Training packs them into an archive that is never changed afterwards.
import { FoveaError } from "fovea";
import { Turns } from "fovea/core";
import { imageFormatOf } from "fovea/data";
import { filesHere } from "fovea/files";
import * as z from "zod";
import type { ExampleClass, ExampleSource } from "../contract/example-calls.js";
import { EXAMPLE_SOURCES } from "../contract/example-calls.js";
import { writeArchive } from "./archives.js";
import { sha256Of } from "./project.js";
import { StoredZip } from "./stored-zip.js";

const EXTENSIONS = { PNG: "png", JPEG: "jpg", WebP: "webp", GIF: "gif", BMP: "bmp" } as const;
const FILE_NAME = /^[0-9a-f]{16}\.(png|jpg|webp|gif|bmp)$/;
const LIST = "examples.json";

const KEPT = z.strictObject({
  version: z.literal(1),
  /** Number of the next class. */
  next: z.int().min(1),
  classes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      examples: z.array(z.strictObject({ file: z.string().regex(FILE_NAME), source: z.enum(EXAMPLE_SOURCES) })),
    }),
  ),
  /** The last archive, and what was in it. */
  archive: z.strictObject({ path: z.string(), content: z.string() }).optional(),
});

export type KeptExamples = z.output<typeof KEPT>;

const FIRST: KeptExamples = {
  version: 1,
  next: 3,
  classes: [
    { id: "class-1", name: "Class 1", examples: [] },
    { id: "class-2", name: "Class 2", examples: [] },
  ],
};

export class Examples {
  readonly #turns = new Turns();

  /** @param home the folder that the Studio's files go to */
  constructor(readonly home: string) {}

  /** Names of all sets that are kept, the last first. */
  async sets(): Promise<string[]> {
    const folder = `${this.home}/quick`;
    const entries = (await filesHere.exists(folder)) ? await filesHere.listDirectory(folder) : [];
    const order = new Intl.Collator("en", { numeric: true });
    return entries
      .filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name)
      .sort((a, b) => order.compare(b, a));
  }

  /** A set as it is kept. @throws FoveaError for a damaged one */
  async read(set: string): Promise<KeptExamples> {
    const path = `${this.#folder(set)}/${LIST}`;
    if (!(await filesHere.exists(path))) return FIRST;
    try {
      return KEPT.parse(JSON.parse(await filesHere.readText(path)));
    } catch {
      throw new FoveaError("damaged-file", `${path} is damaged; expected the list of examples; begin a new set`);
    }
  }

  /** The bytes of an example. @throws FoveaError where there is none */
  async readBytes(set: string, file: string): Promise<Uint8Array> {
    if (!/^[a-z0-9-]{1,40}$/.test(set) || !FILE_NAME.test(file))
      throw new FoveaError("unknown-entry", "there is no such example");
    return filesHere.readBytes(`${this.#folder(set)}/${file}`);
  }

  /** Names the classes in their order, new ones included. @throws FoveaError for names that no folders can have */
  async nameClasses(
    set: string,
    wanted: readonly { readonly id: string; readonly name: string }[],
  ): Promise<KeptExamples> {
    const names = wanted.map(({ name }) => name.trim());
    for (const name of names) checkName(name);
    const twice = names.find((name, i) => names.findIndex((other) => sameFolder(other, name)) < i);
    if (twice !== undefined)
      throw new FoveaError("duplicate", `there is a class ${twice} already; choose another name`);
    return this.#change(set, (before) => {
      let { next } = before;
      const classes = wanted.map(({ id }, i) => {
        const known = before.classes.find((other) => other.id === id);
        return { id: known?.id ?? `class-${next++}`, name: names[i]!, examples: known?.examples ?? [] };
      });
      return { ...before, next, classes };
    });
  }

  /** Adds images to a class. @throws FoveaError for what is no image, or no class */
  async add(set: string, id: string, source: ExampleSource, images: readonly Uint8Array[]): Promise<KeptExamples> {
    await filesHere.makeDirectory(this.#folder(set));
    const files: string[] = [];
    for (const bytes of images) {
      const format = imageFormatOf(bytes);
      if (format === undefined)
        throw new FoveaError(
          "not-an-image",
          "expected images as PNG, JPEG, WebP, GIF or BMP, received something else; choose images",
        );
      const file = `${(await sha256Of(bytes)).slice(0, 16)}.${EXTENSIONS[format]}`;
      await filesHere.writeAtomic(`${this.#folder(set)}/${file}`, bytes);
      files.push(file);
    }
    return this.#changeClass(set, id, (examples) => {
      const fresh = [...new Set(files)].filter((file) => !examples.some((known) => known.file === file));
      return [...examples, ...fresh.map((file) => ({ file, source }))];
    });
  }

  remove(set: string, id: string, file: string): Promise<KeptExamples> {
    return this.#changeClass(set, id, (examples) => examples.filter((known) => known.file !== file));
  }

  /**
   * Packs the examples as class folders, unless the last archive has just these.
   * @returns the archive's path, and that of the one before where there was one
   * @throws FoveaError for fewer than two classes with examples
   */
  async pack(set: string): Promise<{ readonly path: string; readonly before?: string }> {
    const kept = await this.read(set);
    const empty = kept.classes.find(({ examples }) => examples.length === 0);
    if (kept.classes.length < 2) throw new FoveaError("too-little-data", "expected at least two classes; add one");
    if (empty !== undefined)
      throw new FoveaError("too-little-data", `${empty.name} has no examples; add some, or remove the class`);
    const content = contentOf(kept.classes);
    const { archive } = kept;
    if (archive?.content === content && (await filesHere.exists(archive.path))) return { path: archive.path };
    const path = await this.#write(set, kept.classes);
    await this.#change(set, (now) => ({ ...now, archive: { path, content } }));
    return { path, ...(archive === undefined ? {} : { before: archive.path }) };
  }

  #write(set: string, classes: readonly ExampleClass[]): Promise<string> {
    return writeArchive(this.home, set, async (write) => {
      const zip = new StoredZip(write);
      for (const { name, examples } of classes)
        for (const example of examples)
          await zip.add(`${name}/${example.file}`, [await this.readBytes(set, example.file)]);
      await zip.end();
    });
  }

  #folder(set: string): string {
    return `${this.home}/quick/${set}`;
  }

  #changeClass(
    set: string,
    id: string,
    change: (examples: ExampleClass["examples"]) => KeptExamples["classes"][number]["examples"],
  ): Promise<KeptExamples> {
    return this.#change(set, (before) => {
      if (!before.classes.some((known) => known.id === id))
        throw new FoveaError("unknown-entry", `there is no class ${id} any more; add the images to another`);
      const changed = (known: KeptExamples["classes"][number]) =>
        known.id === id ? { ...known, examples: change(known.examples) } : known;
      return { ...before, classes: before.classes.map(changed) };
    });
  }

  /** One change after the other, each written before the next begins. */
  #change(set: string, change: (before: KeptExamples) => KeptExamples): Promise<KeptExamples> {
    return this.#turns.take(async () => {
      const kept = change(await this.read(set));
      await filesHere.makeDirectory(this.#folder(set));
      await filesHere.writeAtomic(`${this.#folder(set)}/${LIST}`, `${JSON.stringify(kept)}\n`);
      return kept;
    });
  }
}

/** The content of an archive, as a text. */
export const contentOf = (classes: readonly ExampleClass[]): string =>
  JSON.stringify(classes.map(({ name, examples }) => [name, examples.map(({ file }) => file)]));

/** Names that one folder would stand for on some system. */
const sameFolder = (a: string, b: string): boolean =>
  a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();

/** @throws FoveaError for a name that no folder can have */
function checkName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
  const wrong = /[\u0000-\u001f\u007f/\\:*?"<>|]/.exec(name)?.[0];
  if (wrong !== undefined)
    throw new FoveaError(
      "unusable-name",
      `${name} becomes a folder, which cannot have ${JSON.stringify(wrong)} in its name; leave it out`,
    );
  if (name === "" || name.length > 80 || /^\.|\.$/.test(name))
    throw new FoveaError(
      "unusable-name",
      "expected a name of a class of 1 to 80 characters, without a dot at either end; change it",
    );
}
