// Images that match a filter, in an order: their numbers in flat arrays, kept for the filters that were asked for last,
// so that pages of a hundred thousand images come at once.
import type { ImageOrder, Score } from "../contract/data-facts.js";
import type { ImageFilter } from "../contract/facts.js";

/** Facts of the images that an index needs. */
export interface IndexedImages {
  readonly count: number;
  /** Grows whenever what is said here changes. */
  version(): string;
  fileOf(index: number): string;
  sizeOf(index: number): number;
  partOf(index: number): string | undefined;
  /** True where an image has a label now, of several labels one. */
  hasLabel(index: number, label: string): boolean;
  /** True where an image has no class yet. */
  isUnlabelled(index: number): boolean;
  isChanged(index: number): boolean;
  /** Images of a finding; undefined for one that is not known. */
  imagesOf(finding: string): ReadonlySet<number> | undefined;
  /** Size as shown, such as `28 x 28`; undefined before somebody has looked. */
  pixelsOf(index: number): string | undefined;
  /** Numbers to sort by; undefined before somebody has looked. */
  brightness(): ArrayLike<number> | undefined;
  likeness(to: number): ArrayLike<number> | undefined;
  /** Numbers of a run's model; undefined before it was asked. */
  scores(run: string, by: Score): ArrayLike<number> | undefined;
}

/** Filters that are kept: the grid's, and that of the view before it. */
const KEPT = 4;

export class ImageIndex {
  readonly #kept = new Map<string, Int32Array>();
  #names: readonly string[] | undefined;

  constructor(readonly images: IndexedImages) {}

  /** Numbers of the images that match, in an order. */
  matching(filter: ImageFilter, order: ImageOrder = { by: "source" }): Int32Array {
    const key = JSON.stringify([filter, order, this.images.version()]);
    const known = this.#kept.get(key);
    const found = known ?? this.#sorted(this.#found(filter), order);
    this.#kept.delete(key);
    this.#kept.set(key, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return found;
  }

  #found({ label, unlabelled, part, search, changed, finding, pixels }: ImageFilter): Int32Array {
    const { images } = this;
    const wanted = search?.toLowerCase();
    const ofFinding = finding === undefined ? undefined : (images.imagesOf(finding) ?? new Set<number>());
    const found: number[] = [];
    for (let index = 0; index < images.count; index++) {
      if (part !== undefined && images.partOf(index) !== part) continue;
      if (ofFinding !== undefined && !ofFinding.has(index)) continue;
      if (changed && !images.isChanged(index)) continue;
      if (unlabelled && !images.isUnlabelled(index)) continue;
      if (label !== undefined && !images.hasLabel(index, label)) continue;
      if (pixels !== undefined && images.pixelsOf(index) !== pixels) continue;
      if (wanted && !images.fileOf(index).toLowerCase().includes(wanted)) continue;
      found.push(index);
    }
    return Int32Array.from(found);
  }

  #sorted(found: Int32Array, order: ImageOrder): Int32Array {
    const { by, isDescending } = order;
    if (by === "source") return isDescending ? found.reverse() : found;
    const sign = isDescending ? -1 : 1;
    if (by === "name") {
      const names = this.#sortableNames();
      const compare = (a: number, b: number): number =>
        names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b;
      return found.sort((a, b) => sign * compare(a, b));
    }
    const values = this.#values(order);
    if (values === undefined) return found;
    // Images without a number come last, whichever way the others go.
    const isKnown = (index: number): boolean => !Number.isNaN(values[index]);
    return found.sort((a, b) => Number(isKnown(b)) - Number(isKnown(a)) || sign * (values[a]! - values[b]!) || a - b);
  }

  #values({ by, like = -1, run = "" }: ImageOrder): ArrayLike<number> | undefined {
    const { images } = this;
    if (by === "confidence" || by === "loss") return images.scores(run, by);
    if (by === "size") return Float64Array.from({ length: images.count }, (_, index) => images.sizeOf(index));
    return by === "brightness" ? images.brightness() : images.likeness(like);
  }

  /** File names without their folders, so written that 9 comes before 10. */
  #sortableNames(): readonly string[] {
    const { images } = this;
    this.#names ??= Array.from({ length: images.count }, (_, index) =>
      images
        .fileOf(index)
        .split("/")
        .at(-1)!
        .toLowerCase()
        .replace(/\d+/g, (digits) => digits.padStart(16, "0")),
    );
    return this.#names;
  }
}
