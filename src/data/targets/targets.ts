// Typed targets, one kind for each family of tasks: what a loss is computed against, and the names that go with it.

export type Targets =
  /** One class an image. */
  | {
      readonly kind: "classes";
      readonly classNames: readonly string[];
      /** `[n]`, places in `classNames`. */
      readonly indices: Int32Array;
      /** True for identities, of which each part of the data has its own: those that train come first among the names. */
      readonly areIdentities?: true;
    }
  /** Any number of labels an image. */
  | {
      readonly kind: "labels";
      readonly labelNames: readonly string[];
      /** `[n, labels]`, row by row: 1 where an image has a label, else 0. */
      readonly values: Uint8Array;
    }
  /** One or several numbers an image. */
  | {
      readonly kind: "numbers";
      readonly names: readonly string[];
      /** `[n, names]`, row by row. */
      readonly values: Float32Array;
    };

export type TargetKind = Targets["kind"];
export const TARGET_KINDS: readonly TargetKind[] = ["classes", "labels", "numbers"];
