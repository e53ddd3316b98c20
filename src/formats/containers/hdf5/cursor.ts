// A place in the bytes of an HDF5 file. Reads little-endian numbers and never beyond the end it was given.

/** What is wrong with a file, in words that follow "the file cannot be read, because". Not for users as it is. */
export class Damage extends Error {
  override name = "Damage";
}

/** An address that points nowhere: eight bytes of 0xff. */
export const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

export class Cursor {
  private readonly view: DataView;

  /** Reads `bytes` from `at` to `end` (exclusive). */
  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    readonly end = bytes.length,
  ) {
    if (at < 0 || end > bytes.length || at > end) throw new Damage("something points beyond its end");
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    return this.view.getUint8(this.step(1));
  }
  u16(): number {
    return this.view.getUint16(this.step(2), true);
  }
  u32(): number {
    return this.view.getUint32(this.step(4), true);
  }
  u64(): bigint {
    return this.view.getBigUint64(this.step(8), true);
  }

  /** A length or count of eight bytes, which no sound file has above 2^53. */
  length(): number {
    const value = Number(this.u64());
    if (!Number.isSafeInteger(value)) throw new Damage("it claims an absurd size");
    return value;
  }

  /** A little-endian unsigned integer of `width` bytes: 1, 2, 4 or 8. */
  unsigned(width: number): number {
    return width === 1 ? this.u8() : width === 2 ? this.u16() : width === 4 ? this.u32() : this.length();
  }

  /** A view of the next `count` bytes. */
  take(count: number): Uint8Array {
    const from = this.step(count);
    return this.bytes.subarray(from, from + count);
  }

  skip(count: number): void {
    this.step(count);
  }

  /** A cursor over the next `count` bytes alone, which this one skips. */
  part(count: number): Cursor {
    const from = this.step(count);
    return new Cursor(this.bytes, from, from + count);
  }

  /** Text up to a NUL (which is consumed) or to the end. */
  text(): string {
    const stop = this.bytes.subarray(this.at, this.end).indexOf(0);
    const raw = this.take(stop < 0 ? this.left : stop);
    if (stop >= 0) this.skip(1);
    return new TextDecoder().decode(raw);
  }

  expect(signature: string): void {
    if (String.fromCharCode(...this.take(4)) !== signature)
      throw new Damage(`a block does not begin with ${signature}`);
  }

  private step(count: number): number {
    const from = this.at;
    if (!(count >= 0 && from + count <= this.end)) throw new Damage("something reaches beyond its end");
    this.at = from + count;
    return from;
  }
}
