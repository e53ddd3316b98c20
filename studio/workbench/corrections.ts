// Changes of labels that somebody made, newest last: the images' labels as they are now follow from them.

/** One change of some images' labels. */
export interface Correction {
  readonly images: readonly number[];
  /** The new label; `null` leaves the images out. */
  readonly to: string | null;
  readonly why?: string;
}

export class Corrections {
  readonly #made: Correction[] = [];
  readonly #current = new Map<number, Correction>();

  get count(): number {
    return this.#current.size;
  }

  /** The change that counts for an image; undefined where it has its label of the source. */
  of(index: number): Correction | undefined {
    return this.#current.get(index);
  }

  add(correction: Correction): void {
    this.#made.push(correction);
    for (const index of correction.images) this.#current.set(index, correction);
  }

  /** Takes back the last change. @returns it, or undefined where there is none */
  undo(): Correction | undefined {
    const last = this.#made.pop();
    if (last === undefined) return undefined;
    this.#current.clear();
    for (const correction of this.#made) for (const index of correction.images) this.#current.set(index, correction);
    return last;
  }
}
