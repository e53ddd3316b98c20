// Protocol buffer messages, field by field, written and read. Formats define the meaning of fields. Reading checks each
// length against the bytes.
import { joinBytes } from "../../core/bytes.js";
import { FoveaError } from "../../core/errors.js";
import { Packer } from "./packer.js";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Keeps what it is given by reference, so that messages inside messages cost no copies; `finish` makes the one. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** An int64, uint64, bool or enum; a negative one takes ten bytes. */
  int(field: number, value: number | bigint): this {
    return this.#add(varint(field * 8 + VARINT)).#add(varint(BigInt.asUintN(64, BigInt(value))));
  }
  double(field: number, value: number): this {
    return this.#add(varint(field * 8 + FIXED64)).#add(new Packer().f64(value).finish());
  }
  float(field: number, value: number): this {
    return this.#add(varint(field * 8 + FIXED32)).#add(new Packer().f32(value).finish());
  }
  /** Bytes, text as UTF-8, or a message inside, which must not change afterwards. */
  bytes(field: number, value: Uint8Array | string | MessageWriter): this {
    const inner = typeof value === "string" ? new TextEncoder().encode(value) : value;
    this.#add(varint(field * 8 + BYTES)).#add(varint(inner.length));
    if (!(inner instanceof MessageWriter)) return this.#add(inner);
    for (const chunk of inner.#chunks) this.#add(chunk);
    return this;
  }

  get length(): number {
    return this.#length;
  }

  finish(): Uint8Array {
    return joinBytes(this.#chunks);
  }

  #add(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** One field of a message: a number for the fixed and variable forms, bytes (a view) for the rest. */
export interface Field {
  readonly field: number;
  readonly value: bigint | Uint8Array;
  /** Four or eight for fixed forms, whose bits `value` has. */
  readonly fixed: 0 | 4 | 8;
}

/** The fields of a message in order. @throws FoveaError naming `what` when the bytes are no message or are cut short. */
export function* fieldsOf(what: string, bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const broken = (): FoveaError =>
    new FoveaError("damaged-file", `${what}: is damaged or cut short at byte ${at} of ${bytes.length}`);
  const read = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw broken();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw broken();
  };
  while (at < bytes.length) {
    const key = read();
    const field = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (wire === VARINT) yield { field, value: read(), fixed: 0 };
    else if (wire === BYTES) {
      const length = Number(read());
      if (length > bytes.length - at) throw broken();
      yield { field, value: bytes.subarray(at, at + length), fixed: 0 };
      at += length;
    } else if (wire === FIXED64 || wire === FIXED32) {
      const fixed = wire === FIXED64 ? 8 : 4;
      if (fixed > bytes.length - at) throw broken();
      yield { field, value: fixed === 8 ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true)), fixed };
      at += fixed;
    } else throw broken();
  }
}

/** A signed number out of a variable-length one. */
export const signed = (value: bigint): number => Number(BigInt.asIntN(64, value));

/** The signed numbers of a packed repeated field. */
export function packed(what: string, bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    if (shift > 63n) throw new FoveaError("damaged-file", `${what}: is damaged: a number has too many bytes`);
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    values.push(signed(value));
    value = 0n;
    shift = 0n;
  }
  return values;
}
