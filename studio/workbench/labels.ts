// The labels of a project as its journal has them now. The journal lies beside the data; its entries know images by the hash
// of their bytes, the page by their numbers.
import { FoveaError } from "fovea";
import { Turns } from "fovea/core";
import {
  exclude,
  type JournalEntry,
  type JournalImage,
  type JournalLabel,
  type LabelJournal,
  type LabelJournalFile,
  openJournal,
  relabel,
  undo,
} from "fovea/experiment";

/** The label that the journal gives an image; `null` leaves it out. */
export interface Change {
  readonly to: string | null;
}

/** The images of a project as the journal needs them. */
export interface JournalImages {
  /** Its number by the file that an entry names; undefined where there is none. */
  numberOf(file: string): number | undefined;
  /** The facts that the journal notes of an image. @throws FoveaError for one whose label can only be changed in the source */
  describe(index: number): Promise<JournalImage>;
  /** The label that the source gives an image: `NO_LABEL` where it lacks a class, undefined where it lacks another label. */
  labelOf(index: number): JournalLabel | undefined;
  /** A label as readers see it; numbers of some columns are completed by those of the image. */
  textOf(label: JournalLabel, index?: number): string;
  parse(text: string): JournalLabel;
}

/** Facts of a change for the journal. */
export interface ChangeNote {
  readonly why?: string | undefined;
  readonly by?: string | undefined;
}

/** Images that are read at a time. */
const AT_ONCE = 32;

export class Labels {
  readonly #changes = new Map<number, Change>();
  /** Images that were changed at once, with all that was undone left out. */
  readonly #standing: (readonly JournalEntry[])[] = [];
  readonly #batches: (readonly JournalEntry[])[] = [];
  /** Images by their hashes: copies have one. */
  readonly #numbers = new Map<string, Set<number>>();
  /** Changes are made one after the other, as the journal has them. */
  readonly #turns = new Turns();

  private constructor(
    readonly journal: LabelJournalFile,
    readonly images: JournalImages,
  ) {}

  /** Opens the journal at a path, where there may be none yet. @throws FoveaError for one that is damaged */
  static async open(path: string, images: JournalImages): Promise<Labels> {
    const labels = new Labels(await openJournal(path), images);
    const { entries } = await labels.journal.read();
    for (const batch of batchesOf(entries)) await labels.#note(batch);
    return labels;
  }

  /** Number of images that have another label than their source gives, or are left out. */
  get count(): number {
    return this.#changes.size;
  }

  /** Changes that count. */
  get changes(): Iterable<Change> {
    return this.#changes.values();
  }

  /** Number of changed images among some. */
  countAmong(isMeant: (index: number) => boolean): number {
    let count = 0;
    for (const index of this.#changes.keys()) if (isMeant(index)) count++;
    return count;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#batches.length;
  }

  /** True where a change stands that could be taken back. */
  get canUndo(): boolean {
    return this.#standing.length > 0;
  }

  /** All changes, those that were made at once together, in their order. */
  get batches(): readonly (readonly JournalEntry[])[] {
    return this.#batches;
  }

  /** The change that counts for an image; undefined where it has its label of the source. */
  of(index: number): Change | undefined {
    return this.#changes.get(index);
  }

  /** The number of an entry's image in the project; undefined where it has it no longer. */
  indexOf({ image }: JournalEntry): number | undefined {
    const [first] = this.#numbers.get(image) ?? [];
    return first;
  }

  /** Changes of an image in their order. */
  async historyOf(index: number): Promise<JournalEntry[]> {
    const entries = this.#batches.flat();
    if (entries.length === 0) return [];
    const { image } = await this.images.describe(index);
    return entries.filter((entry) => entry.image === image);
  }

  /** Learns the hashes of images, by which renamed files and copies keep their changes. */
  learn(hashes: Iterable<readonly [number, string]>): Promise<void> {
    return this.#turns.take(() => this.#learn(hashes));
  }

  async #learn(hashes: Iterable<readonly [number, string]>): Promise<void> {
    const entries = new Set(this.#batches.flatMap((batch) => batch.map(({ image }) => image)));
    for (const [index, hash] of hashes) if (entries.has(hash)) this.#know(hash, index);
    const batches = this.#batches.splice(0);
    this.#standing.length = 0;
    this.#changes.clear();
    for (const batch of batches) await this.#note(batch);
  }

  /** The journal as training takes it. */
  read(): Promise<LabelJournal> {
    return this.journal.read();
  }

  /** Gives images another label; `null` leaves them out. @throws FoveaError as the journal does */
  change(indices: readonly number[], to: string | null, note: ChangeNote): Promise<void> {
    return this.#turns.take(() => this.#change(indices, to, note));
  }

  async #change(indices: readonly number[], to: string | null, note: ChangeNote): Promise<void> {
    const label = to === null ? null : this.images.parse(to);
    const images: JournalImage[] = [];
    for (let from = 0; from < indices.length; from += AT_ONCE) {
      const some = indices.slice(from, from + AT_ONCE);
      const described = await Promise.all(some.map((index) => this.images.describe(index)));
      for (const [i, image] of described.entries()) {
        this.#know(image.image, some[i]!);
        images.push(image);
      }
    }
    const added =
      label === null ? await exclude(this.journal, images, note) : await relabel(this.journal, images, label, note);
    if (added.length > 0) await this.#note(added);
  }

  /** Takes back the last change. @throws FoveaError where there is none */
  undo(note: ChangeNote): Promise<void> {
    return this.#turns.take(() => this.#undo(note));
  }

  async #undo({ by }: ChangeNote): Promise<void> {
    const last = this.#standing.at(-1);
    const [first] = last ?? [];
    if (last === undefined || first === undefined)
      throw new FoveaError("not-ready", "no label has been changed, so there is nothing to take back");
    const { column } = first;
    await this.#note(
      await undo(
        this.journal,
        last.map(({ image, file, scope }) => (scope === undefined ? image : { image, file, scope })),
        { by, column },
      ),
    );
  }

  /** Takes over entries that were made at once. */
  async #note(batch: readonly JournalEntry[]): Promise<void> {
    this.#batches.push(batch);
    const last = this.#standing.at(-1);
    if (last !== undefined && undoes(batch, last)) this.#standing.pop();
    else this.#standing.push(batch);
    for (const entry of batch) for (const index of await this.#imagesOf(entry)) this.#apply(entry, index);
  }

  /** Takes over an entry for an image, unless the image had another label than the entry says. */
  #apply({ from, to }: JournalEntry, index: number): void {
    const label = this.images.labelOf(index);
    if (label === undefined) return;
    const before = this.#changes.get(index);
    const source = this.images.textOf(label);
    const now = before === undefined ? source : before.to;
    const fits = to === null || (from === null ? now === null : this.images.textOf(from, index) === now);
    if (!fits) return;
    const text = to === null ? null : this.images.textOf(to, index);
    if (text === source) this.#changes.delete(index);
    else this.#changes.set(index, { to: text });
  }

  #know(hash: string, index: number): void {
    const known = this.#numbers.get(hash);
    if (known === undefined) this.#numbers.set(hash, new Set([index]));
    else known.add(index);
  }

  /** The images of an entry: known ones, or that of the file that it names, if it still has those bytes. */
  async #imagesOf({ image, file, scope }: JournalEntry): Promise<Iterable<number>> {
    const known = this.#numbers.get(image);
    if (known !== undefined && scope === undefined) return known;
    const index = this.images.numberOf(file);
    if (index === undefined || this.images.labelOf(index) === undefined) return [];
    if ((await this.images.describe(index)).image !== image) return [];
    this.#know(image, index);
    return [index];
  }
}

/** Entries that were made at once: they have one time. */
function batchesOf(entries: readonly JournalEntry[]): JournalEntry[][] {
  const batches: JournalEntry[][] = [];
  for (const entry of entries) {
    const last = batches.at(-1);
    if (last?.[0]?.when === entry.when) last.push(entry);
    else batches.push([entry]);
  }
  return batches;
}

/** Tells whether a batch puts back what was before the other. */
function undoes(batch: readonly JournalEntry[], last: readonly JournalEntry[]): boolean {
  if (batch.length !== last.length) return false;
  const keyOf = ({ image, file, scope }: JournalEntry): string => (scope === undefined ? image : `${image} ${file}`);
  const before = new Map(last.map((entry) => [keyOf(entry), entry]));
  return batch.every((change) => {
    const { from, to } = change;
    const entry = before.get(keyOf(change));
    return entry !== undefined && same(entry.from, to) && same(entry.to, from);
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
