// The structure of a JPEG file as its segments state it: frame, quantisation and Huffman tables, subsampling, scans, and
// the applications that left a segment (ITU-T T.81, Annex B). No pixel is decoded; wrong lengths end a table early.
import { BadImage, textAt } from "../../data/decoders/image.js";
import { END_OF_IMAGE, type Segment, START_OF_SCAN, segmentsOf } from "../../data/decoders/jpeg-segments.js";
import { bytesInMemory } from "../../platform/byte-source.js";
import { type QuantizationTable, ZIGZAG } from "./quantization.js";

/** A colour component of the frame. */
export interface FrameComponent {
  readonly id: number;
  /** Sampling factors, 1 to 4: samples across and down for each unit of the coarsest component. */
  readonly across: number;
  readonly down: number;
  /** Number of its quantisation table. */
  readonly table: number;
}

/** The frame header (T.81, B.2.2). */
export interface Frame {
  /** The second byte of its marker: 0xc0 baseline, 0xc1 extended, 0xc2 progressive, others rare. */
  readonly marker: number;
  readonly bits: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

/** A Huffman table (T.81, B.2.4.2). */
export interface HuffmanTable {
  readonly part: "dc" | "ac";
  /** Number by which scans name it, 0 to 3. */
  readonly id: number;
  /** Numbers of codes with 1, 2, ... 16 bits. */
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

export interface JpegStructure {
  readonly frame: Frame;
  /** Quantisation tables by their number, 0 to 3, as they stand at the end of the file. */
  readonly tables: readonly (QuantizationTable | undefined)[];
  readonly huffman: readonly HuffmanTable[];
  readonly scans: number;
  /** Marker of each segment before the first scan. */
  readonly markers: readonly number[];
  /** Names that application segments begin with, such as `"JFIF"`, `"Exif"`, `"Adobe"`, `"Ducky"`. */
  readonly applications: readonly string[];
  /** Bytes behind the end of the image. */
  readonly trailing: number;
}

/** The most tables and markers that are listed; hostile files have millions. */
const MOST_LISTED = 1000;

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** A frame header's fields. @throws BadImage where it is too short */
export function frameOf(bytes: Uint8Array, { marker, start }: Pick<Segment, "marker" | "start">): Frame {
  const count = bytes[start + 5] ?? 0;
  if (start + 6 + 3 * count > bytes.length)
    throw new BadImage("damaged-image", "the file ends inside its frame header");
  const number = (at: number): number => 256 * bytes[at]! + bytes[at + 1]!;
  return {
    marker,
    bits: bytes[start]!,
    height: number(start + 1),
    width: number(start + 3),
    components: Array.from({ length: count }, (_, i) => {
      const [id, sampling, table] = [0, 1, 2].map((field) => bytes[start + 6 + 3 * i + field]!) as [
        number,
        number,
        number,
      ];
      return { id, across: sampling >> 4, down: sampling & 15, table: table & 3 };
    }),
  };
}

/** The quantisation tables of one segment, with their numbers. */
export function* quantizationTablesOf(bytes: Uint8Array): Generator<readonly [number, QuantizationTable]> {
  for (let at = 0; at < bytes.length; ) {
    const [wide, id] = [bytes[at]! >> 4, bytes[at]! & 3];
    const size = wide > 0 ? 2 : 1;
    if (at + 1 + 64 * size > bytes.length) return;
    const table = new Uint16Array(64);
    for (const [i, index] of ZIGZAG.entries()) {
      const from = at + 1 + i * size;
      table[index] = wide > 0 ? 256 * bytes[from]! + bytes[from + 1]! : bytes[from]!;
    }
    yield [id, table];
    at += 1 + 64 * size;
  }
}

/** The Huffman tables of one segment. */
export function* huffmanTablesOf(bytes: Uint8Array): Generator<HuffmanTable> {
  for (let at = 0; at + 17 <= bytes.length; ) {
    const counts = bytes.slice(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total > 256 || at + 17 + total > bytes.length) return;
    const symbols = bytes.slice(at + 17, at + 17 + total);
    yield { part: bytes[at]! >> 4 === 0 ? "dc" : "ac", id: bytes[at]! & 3, counts, symbols };
    at += 17 + total;
  }
}

/** The printable beginning of an application segment: its name by convention. */
function applicationOf(bytes: Uint8Array, start: number, length: number): string | undefined {
  const text = textAt(bytes, start, Math.max(0, Math.min(length, 12, bytes.length - start)));
  return /^[A-Za-z0-9_ ]{3,}/.exec(text)?.[0];
}

/**
 * Reads the structure of a JPEG file.
 * @throws BadImage where there is no frame header
 */
export function readStructure(bytes: Uint8Array): JpegStructure {
  const tables: (QuantizationTable | undefined)[] = [undefined, undefined, undefined, undefined];
  const huffman: HuffmanTable[] = [];
  const markers: number[] = [];
  const applications = new Set<string>();
  let frame: Frame | undefined;
  let scans = 0;
  let end = bytes.length;
  for (const segment of segmentsOf(bytesInMemory(bytes))) {
    const { marker, start, length } = segment;
    const content = bytes.subarray(start, start + length);
    if (scans === 0 && markers.length < MOST_LISTED) markers.push(marker);
    if (marker === START_OF_SCAN) scans++;
    if (marker === END_OF_IMAGE) end = start;
    if (marker === 0xdb) for (const [id, table] of quantizationTablesOf(content)) tables[id] = table;
    if (marker === 0xc4 && huffman.length < MOST_LISTED) huffman.push(...huffmanTablesOf(content));
    if (marker >= 0xe0 && marker <= 0xef && applications.size < MOST_LISTED) {
      const name = applicationOf(bytes, start, length);
      if (name !== undefined) applications.add(name);
    }
    if (isFrame(marker)) frame ??= frameOf(bytes, segment);
  }
  if (frame === undefined) throw new BadImage("damaged-image", "it is a JPEG file without an image");
  return { frame, tables, huffman, scans, markers, applications: [...applications], trailing: bytes.length - end };
}

/** Chroma subsampling as programs write it, such as `"4:2:0"`, `"grey"`, or the factors of each component. */
export function subsamplingOf({ components }: Frame): string {
  if (components.length === 1) return "grey";
  const [first, ...others] = components;
  const isPlain = components.length === 3 && others.every(({ across, down }) => across === 1 && down === 1);
  const name = isPlain ? NAMES[`${first!.across}x${first!.down}`] : undefined;
  return name ?? components.map(({ across, down }) => `${across}x${down}`).join(",");
}

const NAMES: Readonly<Record<string, string>> = {
  "1x1": "4:4:4",
  "2x1": "4:2:2",
  "2x2": "4:2:0",
  "1x2": "4:4:0",
  "4x1": "4:1:1",
  "4x2": "4:1:0",
};

/** Codes of each length in the tables of Annex K.3, which encoders write that do not count symbols first. */
const STANDARD_COUNTS: readonly string[] = [
  "dc 0,1,5,1,1,1,1,1,1,0,0,0,0,0,0,0",
  "dc 0,3,1,1,1,1,1,1,1,1,1,0,0,0,0,0",
  "ac 0,2,1,3,3,2,4,3,5,5,4,4,0,0,1,125",
  "ac 0,2,1,2,4,4,3,4,7,5,4,4,0,1,2,119",
];

/** Checks whether a Huffman table was made for this image: its code lengths are not those of the standard's examples. */
export const hasOptimizedTables = ({ huffman }: JpegStructure): boolean =>
  huffman.some(({ part, counts }) => !STANDARD_COUNTS.includes(`${part} ${counts.join(",")}`));
