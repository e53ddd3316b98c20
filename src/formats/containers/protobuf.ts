// Writes protocol buffer messages, field by field. What fields mean is their format's business.
import { Packer } from "./packer.js";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

export class MessageWriter {
  private readonly out = new Packer();

  /** An int64, uint64, bool or enum; not negative. */
  int(field: number, value: number): this {
    return this.varint(field * 8 + VARINT).varint(value);
  }
  double(field: number, value: number): this {
    this.varint(field * 8 + FIXED64).out.f64(value);
    return this;
  }
  float(field: number, value: number): this {
    this.varint(field * 8 + FIXED32).out.f32(value);
    return this;
  }
  /** Bytes, text as UTF-8, or a message inside. */
  bytes(field: number, value: Uint8Array | string | MessageWriter): this {
    const bytes =
      typeof value === "string"
        ? new TextEncoder().encode(value)
        : value instanceof MessageWriter
          ? value.finish()
          : value;
    this.varint(field * 8 + BYTES)
      .varint(bytes.length)
      .out.bytes(bytes);
    return this;
  }

  finish(): Uint8Array {
    return this.out.finish();
  }

  private varint(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.out.u8((rest % 0x80) | 0x80);
    this.out.u8(rest);
    return this;
  }
}
