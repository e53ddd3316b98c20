// Pictures of the lecture's pages as numbers: the four small ones, a written character, a file of one's own.
import { FoveaError } from "fovea";
import {
  type Color,
  convertColor,
  decodeImage,
  HANZI_CHARACTERS,
  hanziImage,
  type Pixels,
  resizeImage,
  SMALL_IMAGES,
  type SmallImage,
  smallImage,
  turnUpright,
} from "fovea/data";
import { keptFile } from "./kept-file.ts";

/** A picture by its name, its size and its colours. */
export interface PictureWish {
  /** `up`, `left`, `right`, `ghost`, a character, or `mine`. */
  readonly name: string;
  readonly color: Color;
  /** The longer side in pixels where the picture is larger; or height and width. Default: as it is. */
  readonly size?: number | readonly [height: number, width: number];
  /** Changes with one's own picture, so that it is asked for again. */
  readonly stamp?: number;
}

/** A file as it was chosen, dropped or pasted. */
export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** A job's answer: bytes row by row, channels last. */
export interface PictureFacts extends Pixels {
  /** The name that was asked for. */
  readonly name: string;
}

const file = keptFile("my-picture");
/** One's own picture, decoded. */
let mine: Pixels | undefined;

/** The pixels of a file, upright. @throws FoveaError for what is no picture */
async function decoded(bytes: Uint8Array, name: string): Promise<Pixels> {
  const image = await decodeImage(bytes, name);
  return turnUpright(convertColor(image, "rgb"), image.orientation);
}

/** Takes a file as one's own picture. */
export async function keepPicture({ bytes, name }: PictureFile): Promise<{ width: number; height: number }> {
  mine = await decoded(bytes, name);
  await file.write(bytes);
  return { width: mine.width, height: mine.height };
}

/** Tells whether a picture of one's own was kept. */
export const isPictureKept = async (_: Readonly<Record<string, never>>): Promise<boolean> =>
  (await file.read()) !== undefined;

async function myPicture(): Promise<Pixels> {
  if (mine === undefined) {
    const bytes = await file.read();
    if (bytes === undefined)
      throw new FoveaError("not-ready", "there is no picture yet; choose, drop or paste your own");
    mine = await decoded(bytes, "my picture");
  }
  return mine;
}

const isSmall = (name: string): name is SmallImage => (SMALL_IMAGES as readonly string[]).includes(name);

async function original(name: string): Promise<Pixels> {
  if (isSmall(name)) return smallImage(name);
  if (name === "mine") return myPicture();
  if (!HANZI_CHARACTERS.includes(name))
    throw new FoveaError(
      "unknown-choice",
      `there is no picture "${name}"; choose one of ${SMALL_IMAGES.join(", ")}, mine or a character`,
    );
  const { width, height, channels, pixels } = hanziImage("Test", name, 1);
  return { width, height, channels, data: pixels };
}

/** A picture in the colours and the size that were asked for. */
export async function picture({ name, color, size }: PictureWish): Promise<PictureFacts> {
  const whole = await original(name);
  return { ...sized(convertColor(whole, color), size), name };
}

function sized(image: Pixels, size: PictureWish["size"]): Pixels {
  if (size === undefined) return image;
  if (typeof size !== "number") return resizeImage(image, size[0], size[1], "lanczos");
  const scale = size / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  return resizeImage(image, height!, width!, "lanczos");
}
