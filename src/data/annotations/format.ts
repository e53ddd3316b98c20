// A format of annotation files as a record: reading, writing, and the facts that it can hold.

import type { ImageSize } from "./image-names.js";
import type { AnnotatedBox, AnnotationSet, AttributeValue } from "./model.js";
import type { ReadAnnotations } from "./set-builder.js";

/** Annotation files by their paths with `/`. */
export type AnnotationFiles = ReadonlyMap<string, Uint8Array>;

/** Facts about images and objects that not every format can hold. */
export type Fact =
  /** Objects told apart from their neighbours of the same category. */
  | "instances"
  /** Objects known by their box alone. */
  | "rectangles"
  /** Pixels that belong to several objects. */
  | "overlaps"
  /** Outlines. */
  | "polygons"
  /** Objects of several outlines. */
  | "parts"
  /** Pixels of an object. */
  | "masks"
  /** Boxes that are not those around the outline or mask. */
  | "boxes"
  | "crowds"
  | "areas"
  | "scores"
  /** Pixels of an image that count nowhere. */
  | "ignored"
  /** Numbers of images, categories and objects. */
  | "ids"
  | "supercategories"
  /** Fields of JSON that have no meaning here. */
  | "fields";

/** Options of reading annotation files. */
export interface ReadOptions {
  /** Images by their paths below the folder of images, with sizes in pixels. Default: those that the files name. */
  readonly images?: ReadonlyMap<string, ImageSize>;
  /** Value of pixels that count nowhere, in masks of numbers. Default 255, where a mask has other values than 0 and 255 */
  readonly ignored?: number;
}

/** A format of annotation files: how it is recognized, read and written. */
export interface AnnotationFormat {
  /** Name in messages. */
  readonly title: string;
  /** Facts that files of the format hold. */
  readonly holds: ReadonlySet<Fact>;
  /**
   * Checks whether files hold an attribute of an object.
   * @param name The attribute's name.
   * @param value The attribute's value.
   */
  readonly holdsAttribute: (name: string, value: AttributeValue) => boolean;
  /**
   * Checks whether a file is of the format, by its name and the beginning of its text.
   * @param path The file's path.
   * @param start The beginning of its text.
   * @param isWhole True where the text ends there.
   */
  readonly recognizes: (path: string, start: string, isWhole: boolean) => boolean;
  /**
   * Reads the objects of all images, and lists faults as findings.
   * @param files Bytes by path, all files of the set.
   * @throws FoveaError where nothing can be read at all; single faults are findings.
   */
  readonly read: (files: AnnotationFiles, options: ReadOptions) => Promise<ReadAnnotations>;
  /**
   * Writes annotations as the bytes of files, by path.
   * @param set The annotations.
   * @throws FoveaError where the set cannot be written, with a remedy.
   */
  readonly write: (set: AnnotationSet) => Map<string, Uint8Array>;
  /**
   * Sentences, without their full stops, on what other programs will not read of a set's files. Default: none.
   * @param set The annotations.
   */
  readonly cautions?: (set: AnnotationSet) => readonly string[];
}

/** Attributes that are true or false in most programs. */
export const USUAL_ATTRIBUTES = ["difficult", "truncated", "occluded"] as const;

/** An attribute that is true or false: true for true, 1 and "1". */
export const isSet = ({ attributes }: Pick<AnnotatedBox, "attributes">, name: string): boolean => {
  const value = attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : false;
  return value === true || value === 1 || value === "1" || value === "true";
};
