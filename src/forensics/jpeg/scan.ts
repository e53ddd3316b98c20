// One scan of a JPEG file, decoded into the coefficients of its luminance; other components are read past (ITU-T T.81,
// F.2 for sequential and G.2 for progressive scans).
import { BadImage } from "../../data/decoders/image.js";
import { BitReader, type Decoding } from "./bit-reader.js";
import { type QuantizationTable, ZIGZAG } from "./quantization.js";
import type { Frame } from "./structure.js";

/** Coefficients of the first component: luminance, or red in files that are stored as RGB. */
export interface Coefficients {
  /** Size of the image in pixels. */
  readonly width: number;
  readonly height: number;
  /** Blocks of 8 x 8 pixels across and down; those at the right and lower edge may stand over. */
  readonly columns: number;
  readonly rows: number;
  readonly table: QuantizationTable;
  /** 64 quantised coefficients for each block, by rows, blocks by rows. */
  readonly values: Int16Array;
}

/** A scan: its header's fields, the tables in force before it, and where its data begin. */
export interface Scan {
  /** Components by their place in the frame, with the numbers of their Huffman tables. */
  readonly parts: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  readonly isProgressive: boolean;
  /** First and last coefficient in zigzag order. */
  readonly from: number;
  readonly to: number;
  /** Bits below which coefficients were known before, 0 for none, and below which they are known after this scan. */
  readonly high: number;
  readonly low: number;
  readonly start: number;
  readonly decodings: Readonly<Record<"dc" | "ac", readonly (Decoding | undefined)[]>>;
  /** Units between restart markers; 0 for none. */
  readonly restarts: number;
}

/** The state that a scan takes from block to block. */
interface State {
  readonly reader: BitReader;
  /** The last DC value of each part. */
  readonly last: Int32Array;
  /** Blocks that still have no new coefficients (end of band). */
  skipped: number;
}

type DecodeBlock = (state: State, part: number, values: Int16Array, at: number) => void;

/** Decodes a scan. `pause` is called after each row of units. @throws BadImage for damaged data */
export async function decodeScan(
  bytes: Uint8Array,
  scan: Scan,
  frame: Frame,
  into: Coefficients,
  pause: () => Promise<void>,
): Promise<void> {
  const decode = blockDecoder(scan);
  const state: State = {
    reader: new BitReader(bytes, scan.start),
    last: new Int32Array(scan.parts.length),
    skipped: 0,
  };
  const first = frame.components[0]!;
  // A scan of one component goes over its blocks; others over units in which each has as many as its factors say.
  const isAlone = scan.parts.length === 1;
  const unitsAcross = isAlone ? into.columns : Math.ceil(into.columns / first.across);
  const unitsDown = isAlone ? into.rows : Math.ceil(into.rows / first.down);
  const scratch = new Int16Array(64);
  const layout = scan.parts.flatMap(({ index }, part) => {
    const { across, down } = isAlone ? { across: 1, down: 1 } : frame.components[index]!;
    return Array.from({ length: across * down }, (_, i) => ({
      ...{ part, index, across, down },
      ...{ x: i % across, y: Math.floor(i / across) },
    }));
  });
  let untilRestart = scan.restarts;
  for (let row = 0; row < unitsDown; row++) {
    for (let column = 0; column < unitsAcross; column++) {
      if (scan.restarts > 0 && untilRestart-- === 0) {
        state.reader.restart();
        state.last.fill(0);
        state.skipped = 0;
        untilRestart = scan.restarts - 1;
      }
      for (let n = 0; n < layout.length; n++) {
        const { part, index, x, y, across, down } = layout[n]!;
        const [blockX, blockY] = [column * across + x, row * down + y];
        const isKept = index === 0 && blockX < into.columns && blockY < into.rows;
        if (isKept) decode(state, part, into.values, 64 * (blockY * into.columns + blockX));
        else decode(state, part, scratch.fill(0), 0);
      }
    }
    await pause();
  }
}

function tableOf(scan: Scan, kind: "dc" | "ac", part: number): Decoding {
  const table = scan.decodings[kind][scan.parts[part]![kind]];
  if (table === undefined)
    throw new BadImage("damaged-image", "a scan of it names a Huffman table that the file has not");
  return table;
}

function blockDecoder(scan: Scan): DecodeBlock {
  const tablesOf = (kind: "dc" | "ac"): Decoding[] => scan.parts.map((_, part) => tableOf(scan, kind, part));
  if (!scan.isProgressive) return sequential(tablesOf("dc"), tablesOf("ac"));
  if (scan.from === 0) return scan.high === 0 ? firstDc(tablesOf("dc"), scan) : refinedDc(scan);
  return scan.high === 0 ? firstAc(tablesOf("ac")[0]!, scan) : refinedAc(tablesOf("ac")[0]!, scan);
}

/** The difference of a DC value to the one before. */
function dcDifference({ reader }: State, table: Decoding): number {
  const size = reader.symbol(table);
  if (size > 15) throw new BadImage("damaged-image", "its compressed data are damaged");
  return reader.signed(size);
}

function sequential(dc: readonly Decoding[], ac: readonly Decoding[]): DecodeBlock {
  return (state, part, values, at) => {
    const { reader, last } = state;
    const table = ac[part]!;
    last[part]! += dcDifference(state, dc[part]!);
    values[at] = last[part]!;
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol >> 4 < 15) return;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      if (k > 63) throw new BadImage("damaged-image", "its compressed data have more coefficients than a block holds");
      values[at + ZIGZAG[k]!] = reader.signed(size);
    }
  };
}

function firstDc(dc: readonly Decoding[], { low }: Scan): DecodeBlock {
  return (state, part, values, at) => {
    state.last[part]! += dcDifference(state, dc[part]!);
    values[at] = state.last[part]! << low;
  };
}

function refinedDc({ low }: Scan): DecodeBlock {
  return ({ reader }, _part, values, at) => {
    values[at]! |= reader.bits(1) << low;
  };
}

function firstAc(table: Decoding, { from, to, low }: Scan): DecodeBlock {
  return (state, _part, values, at) => {
    if (state.skipped > 0) {
      state.skipped--;
      return;
    }
    const { reader } = state;
    for (let k = from; k <= to; k++) {
      const symbol = reader.symbol(table);
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0) {
        if (run < 15) {
          state.skipped = (1 << run) - 1 + reader.bits(run);
          return;
        }
        k += 15;
        continue;
      }
      k += run;
      if (k > 63) throw new BadImage("damaged-image", "its compressed data have more coefficients than a block holds");
      values[at + ZIGZAG[k]!] = reader.signed(size) << low;
    }
  };
}

function refinedAc(table: Decoding, { from, to, low }: Scan): DecodeBlock {
  const step = 1 << low;
  /** Adds a bit to a coefficient that is known not to be zero. */
  const refine = (reader: BitReader, values: Int16Array, index: number): void => {
    const value = values[index]!;
    if (reader.bits(1) === 1 && (value & step) === 0) values[index] = value >= 0 ? value + step : value - step;
  };
  return (state, _part, values, at) => {
    const { reader } = state;
    let k = from;
    for (; state.skipped === 0 && k <= to; k++) {
      const symbol = reader.symbol(table);
      let run = symbol >> 4;
      let fresh = 0;
      if ((symbol & 15) === 0) {
        if (run < 15) {
          state.skipped = (1 << run) + reader.bits(run);
          break;
        }
      } else fresh = reader.bits(1) === 1 ? step : -step;
      for (; k <= to; k++) {
        const index = at + ZIGZAG[k]!;
        if (values[index] !== 0) refine(reader, values, index);
        else if (run-- === 0) {
          if (fresh !== 0) values[index] = fresh;
          break;
        }
      }
    }
    if (state.skipped === 0) return;
    for (; k <= to; k++) if (values[at + ZIGZAG[k]!] !== 0) refine(reader, values, at + ZIGZAG[k]!);
    state.skipped--;
  };
}
