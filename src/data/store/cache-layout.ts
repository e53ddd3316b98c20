// Layout of a cache file of decoded images: a head of fixed length, one slot for each image of the listing with its
// pixels and their checksum, and behind them the facts about the images. A slot is found by its number alone, and a
// file is written while images are decoded, in any order.
import { fromHex, toHex } from "../../core/hex.js";
import { sha256Hex } from "../../platform/hashing.js";
import type { Problem } from "../folders.js";
import type { DecodedFacts } from "./decoded-facts.js";

/** Raised whenever decoding, resizing or this layout change what a cache file would hold. */
const MAGIC = "fovea-images 4\n\0";
/** Magic, place and length of the facts, SHA-256 of the facts. */
export const HEAD_BYTES = MAGIC.length + 8 + 8 + 32;
/** The first bytes of a SHA-256 that are kept for each slot. */
const CHECK_BYTES = 16;
/** Bytes that the facts of an image take: number, height, width, mode, SHA-256. */
const FACTS_BYTES = 4 + 4 + 4 + 1 + 32;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes of a slot for images of so many bytes. */
export const slotBytes = (imageBytes: number): number => imageBytes + CHECK_BYTES;

/** The place of a slot in the file. */
export const slotAt = (slot: number, imageBytes: number): number => HEAD_BYTES + slot * slotBytes(imageBytes);

/** The bytes of the whole file for so many images, short of the reasons of those that are skipped. */
export function fileBytes(count: number, imageBytes: number): number {
  const anyHash = "0".repeat(64);
  const notes = notesOf({ fingerprint: anyHash, count, skipped: [], contentHash: anyHash });
  return slotAt(count, imageBytes) + 4 + notes.length + count * FACTS_BYTES;
}

/** The checksum of a slot: of its number too, so that no other slot passes for it. */
async function checkOf(slot: number, pixels: Uint8Array): Promise<string> {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, slot, true);
  return (await sha256Hex(number, pixels)).slice(0, 2 * CHECK_BYTES);
}

/**
 * Slots as they lie in the file.
 * @param first number of the first slot
 * @param pixels those of consecutive images
 * @param room memory for the slots, where it is large enough
 */
export async function packSlots(
  first: number,
  pixels: Uint8Array,
  imageBytes: number,
  room?: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> {
  const step = slotBytes(imageBytes);
  const count = pixels.length / imageBytes;
  const length = count * step;
  const packed =
    room === undefined || room.byteLength < length ? new Uint8Array(length) : new Uint8Array(room, 0, length);
  for (let i = 0; i < count; i++) {
    const image = pixels.subarray(i * imageBytes, (i + 1) * imageBytes);
    packed.set(image, i * step);
    packed.set(fromHex(await checkOf(first + i, image)), i * step + imageBytes);
  }
  return packed;
}

/** The pixels of slot `slot`, whose bytes these are; undefined where they are not as they were written. */
export async function pixelsOfSlot(
  slot: number,
  bytes: Uint8Array,
  imageBytes: number,
): Promise<Uint8Array | undefined> {
  const pixels = bytes.subarray(0, imageBytes);
  const isWhole = (await checkOf(slot, pixels)) === toHex(bytes.subarray(imageBytes, slotBytes(imageBytes)));
  return isWhole ? pixels : undefined;
}

/** Head of a file as it is read. */
export interface Head {
  readonly start: number;
  readonly length: number;
  readonly sha256: string;
}

export async function packHead(start: number, facts: Uint8Array): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  head.set(encode(MAGIC));
  const view = new DataView(head.buffer);
  view.setBigUint64(MAGIC.length, BigInt(start), true);
  view.setBigUint64(MAGIC.length + 8, BigInt(facts.length), true);
  head.set(fromHex(await sha256Hex(facts)), MAGIC.length + 16);
  return head;
}

/** The head in the first bytes of a file; undefined for a file of another kind or version. */
export function readHead(bytes: Uint8Array): Head | undefined {
  if (bytes.length < HEAD_BYTES || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [start, length] = [view.getBigUint64(MAGIC.length, true), view.getBigUint64(MAGIC.length + 8, true)];
  return { start: Number(start), length: Number(length), sha256: toHex(bytes.subarray(MAGIC.length + 16, HEAD_BYTES)) };
}

/** The part of the facts that is text. */
interface Notes {
  readonly fingerprint: string;
  readonly count: number;
  readonly skipped: readonly Problem[];
  readonly contentHash: string;
}

const notesOf = (notes: Notes): Uint8Array => encode(JSON.stringify(notes));

/** @param fingerprint identifies the files and the settings that the images were decoded with */
export function packFacts(fingerprint: string, facts: DecodedFacts): Uint8Array {
  const { kept, heights, widths, modes, hashes, skipped, contentHash } = facts;
  const count = kept.length;
  const notes = notesOf({ fingerprint, count, skipped, contentHash });
  const packed = new Uint8Array(4 + notes.length + count * FACTS_BYTES);
  new DataView(packed.buffer).setUint32(0, notes.length, true);
  packed.set(notes, 4);
  let at = 4 + notes.length;
  for (const numbers of [kept, heights, widths, modes]) {
    packed.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += numbers.byteLength;
  }
  for (const [i, hash] of hashes.entries()) packed.set(fromHex(hash), at + 32 * i);
  return packed;
}

/** Facts of packed bytes that are known to be whole; undefined where they are of other files. */
export function unpackFacts(fingerprint: string, packed: Uint8Array): DecodedFacts | undefined {
  const view = new DataView(packed.buffer, packed.byteOffset);
  const length = view.getUint32(0, true);
  const notes = JSON.parse(new TextDecoder().decode(packed.subarray(4, 4 + length))) as Notes;
  if (notes.fingerprint !== fingerprint) return undefined;
  const { count, skipped, contentHash } = notes;
  // Slices are copies: the numbers may lie at any address.
  const start = 4 + length;
  const numbers = (index: number): ArrayBuffer =>
    new Uint8Array(packed.subarray(start + 4 * count * index, start + 4 * count * (index + 1))).buffer;
  const modes = start + 12 * count;
  return {
    kept: new Int32Array(numbers(0)),
    heights: new Uint32Array(numbers(1)),
    widths: new Uint32Array(numbers(2)),
    modes: packed.slice(modes, modes + count),
    hashes: Array.from({ length: count }, (_, i) =>
      toHex(packed.subarray(modes + count + 32 * i, modes + count + 32 * (i + 1))),
    ),
    skipped,
    contentHash,
  };
}
