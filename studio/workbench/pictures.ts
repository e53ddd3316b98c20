// Pictures as a browser shows them: every format that Fovea reads is one that browsers know, so files go as they are.
import { FoveaError } from "fovea";
import { type ImageFormat, imageFormatOf } from "fovea/data";

export interface Picture {
  readonly bytes: Uint8Array;
  readonly type: string;
}

const TYPES: Readonly<Record<ImageFormat, string>> = {
  PNG: "image/png",
  JPEG: "image/jpeg",
  WebP: "image/webp",
  GIF: "image/gif",
  BMP: "image/bmp",
};

/** A file as a picture; undefined for what is none. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const format = imageFormatOf(bytes);
  return format && { bytes, type: TYPES[format] };
}

/** A file as a picture. @throws FoveaError for what is none */
export function checkedPicture(bytes: Uint8Array): Picture {
  const picture = pictureOf(bytes);
  if (picture === undefined)
    throw new FoveaError("not-an-image", "the file is no image; expected PNG, JPEG, WebP, GIF or BMP");
  return picture;
}
