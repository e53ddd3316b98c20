// Typed targets, one kind for each family of tasks: what a loss is computed against, and the names that go with it.

/** The targets of all images: classes, labels, numbers, masks or boxes. */
export type Targets =
  /** One class an image. */
  | {
      /** A class an image. */
      readonly kind: "classes";
      /** Names of the classes, by number. */
      readonly classNames: readonly string[];
      /** `[n]`, places in `classNames`. */
      readonly indices: Int32Array;
      /** True for identities, of which each part of the data has its own: those that train come first among the names. */
      readonly areIdentities?: true;
    }
  /** Any number of labels an image. */
  | {
      /** Labels, each of which an image has or has not. */
      readonly kind: "labels";
      /** Names of the labels, by column. */
      readonly labelNames: readonly string[];
      /** `[n, labels]`, row by row: 1 where an image has a label, else 0. */
      readonly values: Uint8Array;
    }
  /** One or several numbers an image. */
  | {
      /** Numbers that a regression predicts. */
      readonly kind: "numbers";
      /** Names of the numbers, by column. */
      readonly names: readonly string[];
      /** `[n, names]`, row by row. */
      readonly values: Float32Array;
    }
  /** A class for each pixel of an image. */
  | {
      /** Maps of classes. */
      readonly kind: "masks";
      /** Names of the classes, by number; 0 is the background where there is one. */
      readonly classNames: readonly string[];
      /** Size of every map, that of the images as a model takes them. */
      readonly height: number;
      /** Width of every map in pixels. */
      readonly width: number;
      /** `[n, height, width]`, row by row: places in `classNames`, or IGNORED. */
      readonly values: Uint8Array;
    }
  /** Any number of objects an image, a class and a box each. */
  | {
      /** Objects with their boxes. */
      readonly kind: "boxes";
      /** Names of the classes, by number. */
      readonly classNames: readonly string[];
      /** The most objects of an image. */
      readonly most: number;
      /**
       * `[n, most, 5]`, row by row: class, center x, center y, width and height, the last four as shares of the image. The class is
       * -1 where there are fewer objects, and -2 - k for a crowd of class k, which is neither to be found nor wrong to find.
       */
      readonly values: Float64Array;
      /** `[n, most]`: areas in pixels of the file; NaN where only the box is known. */
      readonly areas: Float64Array;
      /** `[n, 2]`: height and width of the files in pixels. */
      readonly sizes: Int32Array;
    };

/** The numbers of a box in targets: class, center x, center y, width, height. */
export const BOX_NUMBERS = 5;

/** The value of pixels that do not count, in maps of classes: 255, as in Pascal VOC. */
export const IGNORED = 255;

/** A name among `TARGET_KINDS`. */
export type TargetKind = Targets["kind"];
/** Kinds of targets that stand in columns. */
export type ColumnKind = Exclude<TargetKind, "masks" | "boxes">;
/** The kinds of targets. */
export const TARGET_KINDS: readonly TargetKind[] = ["classes", "labels", "numbers", "masks", "boxes"];
