// Annotations of images in memory: boxes, polygons and masks with their categories, as all formats of files give them.
// A pixel covers [column, column + 1) x [row, row + 1), so that a box from 0 to the width covers the whole image.
import type { JsonObject } from "../../core/json.js";

/** Left edge, top edge, width and height in pixels; fractions are allowed. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Corners of a closed polygon in pixels: x0, y0, x1, y1, ... The last is joined to the first. */
export type Ring = readonly number[];

/**
 * A mask as lengths of runs, column by column from the top left: first of pixels outside, then inside, and so on
 * (COCO's RLE). The lengths add up to height * width.
 */
export interface RunLengths {
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
  /** The lengths of the runs. */
  readonly counts: Uint32Array;
}

/** The value of an attribute of an object. */
export type AttributeValue = string | number | boolean;

/** An object on an image: its category and its box, and where they are known its outline, its mask and its score. */
export interface AnnotatedBox {
  /** Index in the set's categories. */
  readonly category: number;
  /** Left, top, width and height in pixels. */
  readonly box: Box;
  /** Outline; the object is what any of the rings encloses (COCO's rule: holes have no rings of their own). */
  readonly polygon?: readonly Ring[];
  /** Pixels of the object, of the image's height and width. Where there is a polygon too, the mask is what counts. */
  readonly mask?: RunLengths;
  /** A region with many objects that were not annotated separately: detections inside of it are neither right nor wrong. */
  readonly crowd?: boolean;
  /** Area in pixels as the file has it. `areaOf` computes it where it is left out. */
  readonly area?: number;
  /** Confidence of a detection, 0 to 1; left out for truth. */
  readonly score?: number;
  /** Further facts by name: `difficult`, `truncated` and `occluded` are true or false in formats that know them. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Number of the object in the file that it comes from, where that has numbers. */
  readonly id?: number;
  /** Fields of the file that have no meaning here, such as key points. COCO's files keep them. */
  readonly fields?: JsonObject;
}

/** The objects of one image. */
export interface AnnotatedImage {
  /** File of the image, a path with `/` below the folder of the images. */
  readonly name: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Number of the image in the file that it comes from, where that has numbers. */
  readonly id?: number;
  /** The objects, in the file's order. */
  readonly objects: readonly AnnotatedBox[];
  /** Pixels that are ignored, since their content is unknown. */
  readonly ignored?: RunLengths;
  /** Fields of the file that have no meaning here, such as the image's address. COCO's files keep them. */
  readonly fields?: JsonObject;
}

/** A kind of objects. */
export interface Category {
  /** The category's name. */
  readonly name: string;
  /** Number of the category in the file that it comes from, where that has numbers. */
  readonly id?: number;
  /** Name of the group that the category belongs to. */
  readonly supercategory?: string;
  /** Fields of the file that have no meaning here, such as the names of key points. COCO's files keep them. */
  readonly fields?: JsonObject;
}

/** Annotated images, and the categories of their objects. */
export interface AnnotationSet {
  /** The kinds of objects, by number. */
  readonly categories: readonly Category[];
  /** The images with their objects. */
  readonly images: readonly AnnotatedImage[];
  /** Fields of the file that have no meaning here, such as licences. COCO's files keep them. */
  readonly fields?: JsonObject;
}

/** Bounds of a file's claims, checked before memory is taken. */
export const LIMITS = {
  /** Pixels of an image or a mask. */
  pixels: 178_956_970,
  /** Pixels along a side. */
  side: 1_000_000,
  /** Corners of a polygon. */
  corners: 1_000_000,
  /** Bytes of one annotation file. */
  fileBytes: 512 * 2 ** 20,
} as const;
