// The picture that a page of the lecture works on: its name is in the address, its pixels come from the engine.
import { signal } from "@preact/signals";
import type { SmallImage } from "fovea/data";
import { address } from "../../frame/address.ts";
import type { PictureFacts, PictureWish } from "../engine/pictures.ts";
import { ask, useEngine } from "../engine.ts";

/** Counts the pictures of one's own, so that a new one is asked for under the same name. */
export const stamp = signal(0);

/** The small pictures, which have but one size, with their titles. */
export const SMALL_PICTURES = {
  left: "Mouth to the left",
  up: "Mouth up",
  right: "Mouth to the right",
  ghost: "Ghost",
} as const satisfies Readonly<Record<SmallImage, string>>;

export const isSmall = (name: string): boolean => Object.hasOwn(SMALL_PICTURES, name);

/** The name of the picture in the address. */
export const pictureName = (fallback: string): string => address.value.state.image ?? fallback;

/** The wish for a picture, as jobs take it: `{ ...wishFor("left"), color: "rgb" }` changes when one's own picture does. */
export const wishFor = (name: string, wish: Omit<PictureWish, "name" | "stamp">): PictureWish => ({
  ...wish,
  name,
  ...(name === "mine" ? { stamp: stamp.value } : {}),
});

/** A page's picture, once it has come, or a sentence why not. */
export interface PictureHere {
  readonly picture?: PictureFacts;
  readonly error?: string;
}

/**
 * The pixels of the picture that the address names.
 * @param fallback the picture of an address that names none
 * @example const { picture, error } = usePicture("left", { color: "rgb", size: 32 });
 */
export function usePicture(fallback: string, wish: Omit<PictureWish, "name" | "stamp">): PictureHere {
  const { output, error } = useEngine("picture", wishFor(pictureName(fallback), wish));
  return { ...(output === undefined ? {} : { picture: output }), ...(error === undefined ? {} : { error }) };
}

/** Takes a file as one's own picture. @throws Error with the library's sentence for what is no picture */
export async function keepFile(file: File): Promise<void> {
  await ask("keepPicture", { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name });
  stamp.value++;
}
