// The labels of a project as its journal has them now. The journal lies beside the data; its entries know images by the hash
// of their bytes, the page by their numbers.
import { FoveaError } from "fovea";
import {
  exclude,
  type JournalEntry,
  type JournalImage,
  type LabelJournal,
  type LabelJournalFile,
  openJournal,
  relabel,
  undo,
} from "fovea/experiment";

/** What the journal makes of an image; a label of `null` leaves it out. */
export interface Change {
  readonly to: string | null;
}

/** The images of a project as the journal needs them. */
export interface JournalImages {
  /** Its number by the file that an entry names; undefined where there is none. */
  numberOf(file: string): number | undefined;
  /** What the journal notes of an image. */
  describe(index: number): Promise<JournalImage>;
}

export class Labels {
  readonly #changes = new Map<number, Change>();
  /** Images that were changed at once, by their hashes, with all that was undone left out. */
  readonly #batches: (readonly JournalEntry[])[] = [];
  readonly #numbers = new Map<string, number>();

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

  /** How many images have another label than their source gives, or are left out. */
  get count(): number {
    return this.#changes.size;
  }

  /** The change that counts for an image; undefined where it has its label of the source. */
  of(index: number): Change | undefined {
    return this.#changes.get(index);
  }

  /** The journal as training takes it. */
  read(): Promise<LabelJournal> {
    return this.journal.read();
  }

  /** Gives images another label; `null` leaves them out. @throws FoveaError as the journal does */
  async change(indices: readonly number[], to: string | null, why: string | undefined): Promise<void> {
    const images = await Promise.all(indices.map((index) => this.images.describe(index)));
    for (const [i, { image }] of images.entries()) this.#numbers.set(image, indices[i]!);
    const options = why === undefined ? {} : { why };
    const added =
      to === null ? await exclude(this.journal, images, options) : await relabel(this.journal, images, to, options);
    if (added.length > 0) await this.#note(added);
  }

  /** Takes back the last change. @throws FoveaError where there is none */
  async undo(): Promise<void> {
    const last = this.#batches.at(-1);
    if (last === undefined) throw new FoveaError("no label has been changed, so there is nothing to take back");
    await this.#note(
      await undo(
        this.journal,
        last.map(({ image }) => image),
      ),
    );
  }

  /** Takes over entries that were made at once. */
  async #note(batch: readonly JournalEntry[]): Promise<void> {
    const last = this.#batches.at(-1);
    if (last !== undefined && undoes(batch, last)) this.#batches.pop();
    else this.#batches.push(batch);
    for (const entry of batch) {
      const index = await this.#numberOf(entry);
      if (index === undefined) continue;
      const { label } = await this.images.describe(index);
      if (entry.to === label) this.#changes.delete(index);
      else if (entry.to === null || typeof entry.to === "string") this.#changes.set(index, { to: entry.to });
    }
  }

  /** The number of an entry's image: of the file that it names, if that still has those bytes. */
  async #numberOf({ image, file }: JournalEntry): Promise<number | undefined> {
    const known = this.#numbers.get(image);
    if (known !== undefined) return known;
    const index = this.images.numberOf(file);
    if (index === undefined || (await this.images.describe(index)).image !== image) return undefined;
    this.#numbers.set(image, index);
    return index;
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
  const before = new Map(last.map((entry) => [entry.image, entry]));
  return batch.every(({ image, from, to }) => {
    const entry = before.get(image);
    return entry !== undefined && same(entry.from, to) && same(entry.to, from);
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
