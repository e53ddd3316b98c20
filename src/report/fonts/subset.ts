// Takes the glyphs of a few characters out of a font. HarfBuzz, the library that shapes text in browsers, picks them;
// Google's woff2 unpacks and packs the files. Both are WebAssembly, loaded here and driven by their own functions.
import { FoveaError } from "../../core/errors.js";
import { readPackageFile } from "../../platform/packages.js";
import { compiledOnce } from "../../platform/wasm.js";

/** Makes a WOFF2 file of the characters with these code points, or `undefined` when the font has none of them. */
export type Subsetter = (codes: Iterable<number>) => Promise<Uint8Array | undefined>;

/** Addresses in HarfBuzz's memory; 0 means failure. */
type Pointer = number;

/** The functions of harfbuzz.github.io/harfbuzz-hb-subset.html that are called here, with C's conventions. */
interface HarfBuzz {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): Pointer;
  hb_blob_create(data: Pointer, length: number, mode: number, userData: Pointer, destroy: Pointer): Pointer;
  hb_blob_get_data(blob: Pointer, length: Pointer): Pointer;
  hb_blob_get_length(blob: Pointer): number;
  hb_blob_destroy(blob: Pointer): void;
  hb_face_create(blob: Pointer, index: number): Pointer;
  hb_face_reference_blob(face: Pointer): Pointer;
  hb_face_destroy(face: Pointer): void;
  hb_set_add(set: Pointer, value: number): void;
  hb_subset_input_create_or_fail(): Pointer;
  hb_subset_input_unicode_set(input: Pointer): Pointer;
  hb_subset_input_set(input: Pointer, type: number): Pointer;
  hb_subset_input_destroy(input: Pointer): void;
  hb_subset_or_fail(face: Pointer, input: Pointer): Pointer;
}

const HB_MEMORY_MODE_READONLY = 1;
const HB_SUBSET_SETS_NAME_ID = 4;
/** The licence's text and address, kept besides the names that HarfBuzz keeps anyway. */
const LICENCE_NAMES = [13, 14];

/**
 * Opens a WOFF2 font for subsetting; what it has in memory stays there for the next subset.
 * @throws FoveaError when `woff2` is no such font.
 */
export async function openFont(woff2: Uint8Array): Promise<Subsetter> {
  const { hb, compress, font } = await compiledOnce(async () => {
    const { compress, decompress } = await import("woff2-encoder");
    const font = await decompress(woff2).catch((cause: unknown) => {
      throw new FoveaError(
        "damaged-installation",
        "font: expected a WOFF2 file, received something else; reinstall the package",
        { cause },
      );
    });
    const { instance } = await WebAssembly.instantiate(
      await readPackageFile(
        "harfbuzzjs/dist/harfbuzz-subset.wasm",
        () => new URL("harfbuzzjs/dist/harfbuzz-subset.wasm", import.meta.url),
      ),
    );
    return { hb: instance.exports as unknown as HarfBuzz, compress, font };
  });
  hb._initialize();
  const data = hb.malloc(font.length);
  new Uint8Array(hb.memory.buffer).set(font, data);
  const face = hb.hb_face_create(hb.hb_blob_create(data, font.length, HB_MEMORY_MODE_READONLY, 0, 0), 0);

  const subset = (codes: Iterable<number>): Uint8Array => {
    const input = hb.hb_subset_input_create_or_fail();
    const names = hb.hb_subset_input_set(input, HB_SUBSET_SETS_NAME_ID);
    for (const name of LICENCE_NAMES) hb.hb_set_add(names, name);
    const characters = hb.hb_subset_input_unicode_set(input);
    for (const code of codes) hb.hb_set_add(characters, code);
    const small = hb.hb_subset_or_fail(face, input);
    const blob = hb.hb_face_reference_blob(small);
    const start = hb.hb_blob_get_data(blob, 0);
    const bytes = new Uint8Array(hb.memory.buffer).slice(start, start + hb.hb_blob_get_length(blob));
    hb.hb_blob_destroy(blob);
    hb.hb_face_destroy(small);
    hb.hb_subset_input_destroy(input);
    return bytes;
  };

  const empty = subset([]).length;
  return async (codes) => {
    const bytes = subset(codes);
    return bytes.length > empty ? compress(bytes) : undefined;
  };
}
