// A growing byte buffer with WebAssembly's number encodings.

export class Bytes {
  #data = new Uint8Array(256);
  length = 0;

  byte(value: number): this {
    if (this.length === this.#data.length) this.#grow(1);
    this.#data[this.length++] = value;
    return this;
  }

  append(other: Bytes | Uint8Array | readonly number[]): this {
    const data = other instanceof Bytes ? other.view() : other;
    if (this.length + data.length > this.#data.length) this.#grow(data.length);
    this.#data.set(data, this.length);
    this.length += data.length;
    return this;
  }

  /** Unsigned LEB128. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** Signed LEB128 of a 32-bit integer. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  f32(value: number): this {
    const cell = new DataView(new ArrayBuffer(4));
    cell.setFloat32(0, value, true);
    return this.append(new Uint8Array(cell.buffer));
  }

  name(text: string): this {
    const encoded = new TextEncoder().encode(text);
    return this.unsigned(encoded.length).append(encoded);
  }

  /** A length-prefixed copy of `body`. */
  sized(body: Bytes): this {
    return this.unsigned(body.length).append(body);
  }

  view(): Uint8Array {
    return this.#data.subarray(0, this.length);
  }

  #grow(need: number): void {
    const bigger = new Uint8Array(Math.max(this.#data.length * 2, this.length + need));
    bigger.set(this.view());
    this.#data = bigger;
  }
}
