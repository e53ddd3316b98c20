// Quantisation tables of JPEG files against the standard's (ITU-T T.81, Annex K.1 and K.2), scaled by libjpeg's rule:
// Farid, "Digital image ballistics from JPEG quantization", Dartmouth TR2006-583. A table tells the program and its
// setting, never who used it: most programs write libjpeg's tables.
import { crc32 } from "../../core/crc.js";
import { KNOWN_TABLES, MOZJPEG_ZIGZAG } from "./known-tables.js";

/** The 64 steps of a table, row by row (not in zigzag order). */
export type QuantizationTable = Uint16Array;

/** Place by rows of each coefficient in the zigzag order of files (T.81, figure A.6). */
export const ZIGZAG: Uint8Array = Uint8Array.from([
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21],
  ...[28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61],
  ...[54, 47, 55, 62, 63],
]);

const LUMINANCE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMINANCE = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99],
  ...[47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 32 }, () => 99),
];

/**
 * The table that libjpeg writes for a quality (jcparam.c, baseline).
 * @param quality 1 to 100
 * @example standardTable("luminance", 90)[0] // 3
 */
export const standardTable = (part: "luminance" | "chrominance", quality: number): QuantizationTable =>
  scaled(part === "luminance" ? LUMINANCE : CHROMINANCE, quality, 255);

function scaled(base: ArrayLike<number>, quality: number, most: number): QuantizationTable {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Uint16Array.from(base, (step) => Math.min(most, Math.max(1, Math.floor((step * scale + 50) / 100))));
}

const QUALITIES = Array.from({ length: 100 }, (_, i) => 100 - i);

const isSame = (a: QuantizationTable, b: QuantizationTable): boolean => a.every((step, i) => step === b[i]);

/** The quality at which libjpeg writes exactly this table; undefined for every other table. */
export const standardQuality = (part: "luminance" | "chrominance", table: QuantizationTable): number | undefined =>
  QUALITIES.find((quality) => isSame(standardTable(part, quality), table));

const sumOf = (table: QuantizationTable): number => table.reduce((sum, step) => sum + step, 0);

/**
 * ImageMagick's estimate of the quality, for tables of any program (JPEGGetQuality in coders/jpeg.c, whose constants
 * are sums over the standard's tables at each quality).
 * @param tables the file's tables by their number
 * @returns 1 to 100, or undefined where ImageMagick finds none
 */
export function estimatedQuality(tables: readonly (QuantizationTable | undefined)[]): number | undefined {
  const [first, second] = tables;
  if (first === undefined) return undefined;
  const mark = (a: QuantizationTable, b?: QuantizationTable): number =>
    a[2]! + a[53]! + (b === undefined ? 0 : b[0]! + b[63]!);
  const value = mark(first, second);
  const sum = tables.reduce((total, table) => total + (table === undefined ? 0 : sumOf(table)), 0);
  for (let quality = 1; quality <= 100; quality++) {
    const a = standardTable("luminance", quality);
    const b = second && standardTable("chrominance", quality);
    const [bound, most] = [mark(a, b), sumOf(a) + (b === undefined ? 0 : sumOf(b))];
    if (value < bound && sum < most) continue;
    return (value <= bound && sum <= most) || quality > 50 ? quality : undefined;
  }
  return undefined;
}

/** Hash of a table by which known ones are listed: CRC-32 of its steps in zigzag order, two bytes each, the high one first. */
export const tableHash = (table: QuantizationTable): string =>
  crc32(Uint8Array.from([...ZIGZAG].flatMap((index) => [table[index]! >> 8, table[index]! & 0xff])))
    .toString(16)
    .padStart(8, "0");

/** The quality at which mozjpeg writes this luminance table. */
function mozjpegQuality(table: QuantizationTable): number | undefined {
  const base = new Uint16Array(64);
  for (const [i, index] of ZIGZAG.entries()) base[index] = MOZJPEG_ZIGZAG[i]!;
  return QUALITIES.find((quality) =>
    // Without the standard's bound of 255, which some versions leave out.
    [255, 32767].some((most) => isSame(scaled(base, quality, most), table)),
  );
}

/** Programs that are known to write a luminance table, with their setting; undefined for unknown tables. */
export function knownProgram(table: QuantizationTable): string | undefined {
  const quality = standardQuality("luminance", table);
  if (quality !== undefined) return `libjpeg's tables, which most programs and web services write, quality ${quality}`;
  const squeezed = mozjpegQuality(table);
  if (squeezed !== undefined) return `mozjpeg's tables, quality ${squeezed}`;
  return KNOWN_TABLES[tableHash(table)];
}
