// The decoders that are compiled from C, by the names of their .wasm files: a program in one piece brings these along.
import { bringPackageFile, readPackageFile } from "../../platform/packages.js";

/** The .wasm file of each decoder, as a specifier. */
export const CODEC_FILES = {
  jpeg: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  webp: "@jsquash/webp/codec/dec/webp_dec.wasm",
} as const;
/** A name among `CODEC_NAMES`. */
export type CodecName = keyof typeof CODEC_FILES;
/** The decoders that are WebAssembly modules. */
export const CODEC_NAMES = Object.keys(CODEC_FILES) as readonly CodecName[];

/**
 * Gives the bytes of a decoder's .wasm file, for pages that can fetch nothing; before the first image is decoded.
 * @param name One of `CODEC_NAMES`.
 * @param wasm The contents of its .wasm file.
 * @example bringCodec("jpeg", await codecBytes("jpeg"));
 */
export const bringCodec = (name: CodecName, wasm: Uint8Array): void => bringPackageFile(CODEC_FILES[name], wasm);

/** Addresses of the files in a bundle, where bundlers look for them. */
const IN_BUNDLE: Readonly<Record<CodecName, () => URL>> = {
  jpeg: () => new URL("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", import.meta.url),
  webp: () => new URL("@jsquash/webp/codec/dec/webp_dec.wasm", import.meta.url),
};

/**
 * The bytes of a decoder's .wasm file, of the installed package.
 * @param name One of `CODEC_NAMES`.
 * @example bringCodec("jpeg", await codecBytes("jpeg"));
 */
export const codecBytes = (name: CodecName): Promise<Uint8Array> => readPackageFile(CODEC_FILES[name], IN_BUNDLE[name]);
