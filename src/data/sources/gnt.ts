// CASIA's GNT files of handwritten characters: one sample after the other, each its length in bytes, a GBK code, width,
// height (little-endian) and grey pixels. http://www.nlpr.ia.ac.cn/databases/handwriting
import { FoveaError } from "../../core/errors.js";
import { toHex } from "../../core/hex.js";
import { baseName } from "../../platform/paths.js";
import type { PartName } from "../split/part-name.js";
import type { FileSet, StoredFile } from "./file-set.js";
import type { ListedImage, Listing } from "./listing.js";
import { storedPng, storedPngSize } from "./pixel-file.js";

/** Length, code, width and height. */
const HEAD = 4 + 2 + 2 + 2;
/** Bytes of a file that are read at once to find its samples. */
const CHUNK = 1 << 22;

export const isGntName = (path: string): boolean => /\.gnt$/i.test(path);

/** Lists the samples of GNT files: the character in the column `label`, the writer, who has a file, as the group. */
export async function gntListing(files: FileSet, paths: readonly string[]): Promise<Listing> {
  const images: ListedImage[] = [];
  const labels: string[] = [];
  const group: string[] = [];
  const split: (PartName | undefined)[] = [];
  for (const path of paths) {
    const part = partOf(path);
    const writer = writerOf(path);
    for (const { image, label } of await samplesOf(path, files.file(path)!)) {
      images.push(image);
      labels.push(label);
      group.push(writer);
      split.push(part);
    }
  }
  if (images.length === 0)
    throw new FoveaError("damaged-file", `${files.where}: its GNT files hold no characters; copy them again`);
  const isSplit = split.some((part) => part !== undefined);
  return { where: files.where, images, columns: { label: labels }, group, ...(isSplit && { split }), findings: [] };
}

/** The part by the name of the file's folder: CASIA's are `HWDB1.1trn_gnt` and `HWDB1.1tst_gnt`. */
function partOf(path: string): PartName | undefined {
  const folders = path.toLowerCase().split("/").slice(0, -1);
  if (folders.some((name) => /tst|test/.test(name))) return "test";
  return folders.some((name) => /trn|train/.test(name)) ? "train" : undefined;
}

interface Sample {
  readonly image: ListedImage;
  readonly label: string;
}

/** @throws FoveaError naming the byte where the file is damaged */
async function samplesOf(path: string, file: StoredFile): Promise<Sample[]> {
  const samples: Sample[] = [];
  const decoder = new TextDecoder("gbk");
  let chunk = new Uint8Array(0);
  let from = 0;
  for (let at = 0; at < file.size; ) {
    if (at + HEAD > from + chunk.length) {
      from = at;
      chunk = new Uint8Array(await file.range(at, Math.min(CHUNK, file.size - at)));
    }
    const damaged = (why: string): FoveaError =>
      new FoveaError(
        "damaged-file",
        `${path}: expected a GNT file, but the sample at byte ${at} ${why}; copy the file again`,
      );
    if (at + HEAD > from + chunk.length) throw damaged("is cut short");
    const view = new DataView(chunk.buffer, chunk.byteOffset + at - from, HEAD);
    const [length, width, height] = [view.getUint32(0, true), view.getUint16(6, true), view.getUint16(8, true)];
    if (width * height === 0 || length !== HEAD + width * height)
      throw damaged(`says ${length} bytes for ${width} x ${height} pixels`);
    if (at + length > file.size) throw damaged("is cut short");
    const start = at + HEAD;
    const shape = { width, height, channels: 1 } as const;
    samples.push({
      label: labelIn(chunk.subarray(at - from + 4, at - from + 6), decoder, damaged),
      image: {
        path: `${path}/${samples.length + 1}.png`,
        size: storedPngSize(shape),
        source: async () => storedPng({ ...shape, data: await file.range(start, width * height) }),
      },
    });
    at += length;
  }
  return samples;
}

/** The character of a GBK code; one of a single byte is followed by a zero. */
function labelIn(code: Uint8Array, decoder: TextDecoder, damaged: (why: string) => FoveaError): string {
  const label = decoder.decode(code[1] === 0 ? code.subarray(0, 1) : code);
  if (label.includes("\ufffd") || [...label].length !== 1 || label === "\0")
    throw damaged(`has the code ${toHex(code)}, which is no character in GBK`);
  return label;
}

/** Name of a GNT file's writer: `1001-c` for `HWDB1.1trn_gnt/1001-c.gnt`. */
const writerOf = (path: string): string => baseName(path).replace(/\.gnt$/i, "");
