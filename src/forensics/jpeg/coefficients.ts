// The quantised DCT coefficients of a JPEG file's luminance, baseline and progressive: what is stored, before any
// decoder's rounding (ITU-T T.81, Annexes F and G). jpeg-js decodes them and keeps pixels only, hence this reader.
// Checked against libjpeg's jpeg_read_coefficients (tools/jpeg-coefficients.c).
import { BadImage, checkSize } from "../../data/decoders/image.js";
import { checkScans } from "../../data/decoders/jpeg.js";
import { START_OF_SCAN, segmentsOf } from "../../data/decoders/jpeg-segments.js";
import { breather } from "../../platform/breather.js";
import { bytesInMemory } from "../../platform/byte-source.js";
import { decodingOf } from "./bit-reader.js";
import type { QuantizationTable } from "./quantization.js";
import { type Coefficients, decodeScan, type Scan } from "./scan.js";
import { type Frame, frameOf, huffmanTablesOf, quantizationTablesOf } from "./structure.js";

export type { Coefficients };

/** Baseline, extended and progressive frames with Huffman codes. */
const READ: readonly number[] = [0xc0, 0xc1, 0xc2];

function checkFrame(frame: Frame): void {
  if (!READ.includes(frame.marker))
    throw new BadImage(
      "unsupported-image",
      "it is a lossless, hierarchical or arithmetic-coded JPEG file, whose coefficients are not read",
    );
  if (frame.bits !== 8) throw new BadImage("damaged-image", `its samples have ${frame.bits} bits, and only 8 are read`);
  if (frame.components.length < 1 || frame.components.length > 4)
    throw new BadImage("unsupported-image", `JPEG files of ${frame.components.length} components are not read`);
  checkSize(frame.width, frame.height, 4);
  for (const { across, down } of frame.components)
    if (across < 1 || across > 4 || down < 1 || down > 4)
      throw new BadImage("damaged-image", "a component of it has sampling factors outside 1 to 4");
  const [first, ...others] = frame.components;
  if (others.some(({ across, down }) => across > first!.across || down > first!.down))
    throw new BadImage(
      "unsupported-image",
      "its first component is coarser than another, so that blocks are not those of the picture",
    );
}

/** A scan header's fields (T.81, B.2.3). @throws BadImage where they name no component or are out of range */
function scanOf(bytes: Uint8Array, start: number, frame: Frame): Omit<Scan, "decodings" | "restarts"> {
  const count = bytes[start] ?? 0;
  if (count < 1 || count > 4 || start + 4 + 2 * count > bytes.length)
    throw new BadImage("damaged-image", "a scan header of it is damaged");
  const parts = Array.from({ length: count }, (_, i) => {
    const [id, tables] = [bytes[start + 1 + 2 * i]!, bytes[start + 2 + 2 * i]!];
    const index = frame.components.findIndex((component) => component.id === id);
    if (index < 0) throw new BadImage("damaged-image", "a scan of it names a component that the frame has not");
    return { index, dc: (tables >> 4) & 3, ac: tables & 3 };
  });
  const [from, to, bits] = [0, 1, 2].map((field) => bytes[start + 1 + 2 * count + field]!) as [number, number, number];
  const isProgressive = frame.marker === 0xc2;
  if (isProgressive && (from > to || to > 63 || (from === 0 && to > 0) || (from > 0 && count > 1)))
    throw new BadImage("damaged-image", "a scan header of it is damaged");
  const band = isProgressive ? { from, to, high: bits >> 4, low: bits & 15 } : { from: 0, to: 63, high: 0, low: 0 };
  if (band.low > 13) throw new BadImage("damaged-image", "a scan header of it is damaged");
  return { parts, isProgressive, ...band, start: start + 4 + 2 * count };
}

/**
 * Reads the quantised coefficients of a JPEG file's luminance.
 * @returns memory: 2 bytes for each pixel
 * @throws BadImage for damaged or truncated files, and for kinds that no camera writes
 * @example const { columns, values } = await readCoefficients(bytes); // values[0]: DC of the first block
 */
export async function readCoefficients(bytes: Uint8Array): Promise<Coefficients> {
  const pause = breather();
  const tables: QuantizationTable[] = [];
  const huffman = { dc: [] as ReturnType<typeof decodingOf>[], ac: [] as ReturnType<typeof decodingOf>[] };
  let frame: Frame | undefined;
  let found: Coefficients | undefined;
  let restarts = 0;
  let isComplete = false;
  for (const segment of segmentsOf(bytesInMemory(bytes))) {
    const { marker, start, length } = segment;
    const content = bytes.subarray(start, start + length);
    if (marker === 0xdb) for (const [id, table] of quantizationTablesOf(content)) tables[id] = table;
    if (marker === 0xc4)
      for (const table of huffmanTablesOf(content)) huffman[table.part][table.id] = decodingOf(table);
    if (marker === 0xdd && content.length >= 2) restarts = 256 * content[0]! + content[1]!;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (frame !== undefined) throw new BadImage("unsupported-image", "it has several frames");
      frame = frameOf(bytes, segment);
      checkFrame(frame);
      checkScans(bytesInMemory(bytes), frame);
    }
    if (marker !== START_OF_SCAN) continue;
    if (frame === undefined) throw new BadImage("damaged-image", "it is a JPEG file without an image");
    found ??= emptyCoefficients(frame, tables);
    const scan = scanOf(bytes, start, frame);
    // Later scans of the other components hold nothing that is looked for.
    if (!scan.parts.some(({ index }) => index === 0)) continue;
    if (scan.isProgressive || !isComplete)
      await decodeScan(bytes, { ...scan, decodings: huffman, restarts }, frame, found, pause);
    isComplete = true;
  }
  if (found === undefined || !isComplete) throw new BadImage("damaged-image", "it is a JPEG file without an image");
  return found;
}

function emptyCoefficients({ width, height, components }: Frame, tables: readonly QuantizationTable[]): Coefficients {
  const table = tables[components[0]!.table];
  if (table === undefined || table.some((step) => step === 0))
    throw new BadImage("damaged-image", "its luminance has no quantisation table, or one with a step of 0");
  const [columns, rows] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  return { width, height, columns, rows, table: table.slice(), values: new Int16Array(64 * columns * rows) };
}
