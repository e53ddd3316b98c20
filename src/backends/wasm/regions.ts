// Regions of a linear memory: they are taken and given back, and free regions are used again before the memory grows.
// Addresses and sizes are whole multiples of the alignment.

interface Region {
  readonly address: number;
  readonly bytes: number;
}

export class Regions {
  /** Free regions below the top, by address; no two touch, and none touches the top. */
  #free: readonly Region[] = [];
  #top: number;
  #used = 0;

  constructor(
    start: number,
    readonly alignment: number,
  ) {
    this.#top = this.#whole(start);
  }

  /** The end of the last region. */
  get top(): number {
    return this.#top;
  }

  /** Bytes that are taken and not given back. */
  get used(): number {
    return this.#used;
  }

  /** The same regions, which change on their own from here on: to rehearse, or to go back to. */
  copy(): Regions {
    const copy = new Regions(this.#top, this.alignment);
    copy.#free = this.#free;
    copy.#used = this.#used;
    return copy;
  }

  /** Takes the smallest free region that is large enough, or a new one at the top; returns its address. */
  take(bytes: number): number {
    const size = this.#whole(bytes);
    this.#used += size;
    let best: Region | undefined;
    for (const region of this.#free)
      if (region.bytes >= size && (best === undefined || region.bytes < best.bytes)) best = region;
    if (best === undefined) {
      this.#top += size;
      return this.#top - size;
    }
    const { address, bytes: room } = best;
    const rest = room === size ? [] : [{ address: address + size, bytes: room - size }];
    this.#free = this.#free.flatMap((region) => (region === best ? rest : [region]));
    return address;
  }

  /** Gives a region back whole, as it was taken. */
  give(address: number, bytes: number): void {
    const size = this.#whole(bytes);
    if (size === 0) return;
    this.#used -= size;
    const merged: Region[] = [];
    const regions = [...this.#free, { address, bytes: size }].sort((a, b) => a.address - b.address);
    for (const region of regions) {
      const last = merged.at(-1);
      if (last !== undefined && last.address + last.bytes === region.address)
        merged[merged.length - 1] = { address: last.address, bytes: last.bytes + region.bytes };
      else merged.push(region);
    }
    const last = merged.at(-1)!;
    if (last.address + last.bytes === this.#top) {
      this.#top = last.address;
      merged.pop();
    }
    this.#free = merged;
  }

  #whole(bytes: number): number {
    return Math.ceil(bytes / this.alignment) * this.alignment;
  }
}
