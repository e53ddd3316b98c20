// Builds binary files front to back: little-endian numbers, bytes and text, with places to be filled in later.

export class Packer {
  private buffer = new Uint8Array(1024);
  private view = new DataView(this.buffer.buffer);
  private used = 0;

  /** Number of bytes so far, and so the place of the next. */
  get at(): number {
    return this.used;
  }

  u8(value: number): this {
    const at = this.claim(1);
    this.view.setUint8(at, value);
    return this;
  }
  u16(value: number): this {
    const at = this.claim(2);
    this.view.setUint16(at, value, true);
    return this;
  }
  u32(value: number): this {
    const at = this.claim(4);
    this.view.setUint32(at, value, true);
    return this;
  }
  u64(value: number | bigint): this {
    const at = this.claim(8);
    this.view.setBigUint64(at, BigInt(value), true);
    return this;
  }
  f32(value: number): this {
    const at = this.claim(4);
    this.view.setFloat32(at, value, true);
    return this;
  }
  f64(value: number): this {
    const at = this.claim(8);
    this.view.setFloat64(at, value, true);
    return this;
  }
  bytes(bytes: Uint8Array): this {
    const to = this.claim(bytes.length);
    this.buffer.set(bytes, to);
    return this;
  }
  /** UTF-8, without a terminator. */
  text(text: string): this {
    return this.bytes(new TextEncoder().encode(text));
  }

  zeros(count: number): this {
    this.claim(count);
    return this;
  }
  /** Zeros up to a multiple of `size`. */
  align(size: number): this {
    return this.zeros((size - (this.used % size)) % size);
  }

  setU16(at: number, value: number): void {
    this.view.setUint16(at, value, true);
  }
  setU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }
  setU64(at: number, value: number): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  /** A view of what was packed, valid until more is packed. */
  packed(from = 0, to = this.used): Uint8Array {
    return this.buffer.subarray(from, to);
  }

  /** A copy of all that was packed. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  private claim(count: number): number {
    const at = this.used;
    this.used += count;
    if (this.used > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.used, 2 * this.buffer.length));
      larger.set(this.buffer.subarray(0, at));
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** The bytes under a typed array. */
export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
