// The files of ImageNet weights that Keras publishes: names, addresses, hashes (keras.applications, Keras 3.15.1). Pure
// data; nothing here fetches anything. Keras publishes MD5s; of MobileNet's files it publishes none.
import type { MobileNetOptions } from "./mobilenet.js";

const KERAS = "https://storage.googleapis.com/tensorflow/keras-applications";

/** A file of ImageNet weights that Keras publishes. */
export interface WeightFile {
  /** The application that the weights are for. */
  readonly model: ImageNetName;
  /** The file's name as Keras has it. */
  readonly file: string;
  /** The address that Keras publishes it at; Fovea never downloads it. */
  readonly url: string;
  /** Keras's published hash, or null. */
  readonly md5: string | null;
  /** Options that make the application fit the file. */
  readonly options: Pick<MobileNetOptions, "alpha" | "includeTop" | "inputShape">;
}

/** A name of keras.applications, as Keras spells it in files. */
export type ImageNetName = "mobilenet" | "mobilenet_v2" | "inception_v3" | "xception" | "resnet50" | "efficientnet_b0";

type Stem = readonly [model: ImageNetName, folder: string, stem: string, withTop: string, without: string];

/** Models with one file with the top and one without: their stems and MD5s. */
const PAIRS: readonly Stem[] = [
  [
    "inception_v3",
    `${KERAS}/inception_v3`,
    "inception_v3_weights_tf_dim_ordering_tf_kernels",
    "9a0d58056eeedaa3f26cb7ebd46da564",
    "bcbd6486424b2319ff4ef7d526e38f63",
  ],
  [
    "xception",
    `${KERAS}/xception`,
    "xception_weights_tf_dim_ordering_tf_kernels",
    "0a58e3b7378bc2990ea3b43d5981f1f6",
    "b0042744bf5b25fce3cb969f33bebb97",
  ],
  [
    "resnet50",
    `${KERAS}/resnet`,
    "resnet50_weights_tf_dim_ordering_tf_kernels",
    "2cb95161c43110f7111970584f804107",
    "4d473c1dd8becc155b73f8504c6f6626",
  ],
  [
    "efficientnet_b0",
    "https://storage.googleapis.com/keras-applications",
    "efficientnetb0",
    "902e53a9f72be733fc0bcb005b3ebbac",
    "50bc09e76180e00e4465e1a485ddc09d",
  ],
];

const TOPS = [true, false] as const;

const pairs: readonly WeightFile[] = PAIRS.flatMap(([model, folder, stem, withTop, without]) =>
  TOPS.map((includeTop) => {
    const file = `${stem}${includeTop ? "" : "_notop"}.h5`;
    return { model, file, url: `${folder}/${file}`, md5: includeTop ? withTop : without, options: { includeTop } };
  }),
);

/** A file for each width, size of images, and with or without the top. */
const family = (
  model: ImageNetName,
  alphas: readonly number[],
  sizes: readonly number[],
  fileName: (alpha: number, size: number) => string,
): WeightFile[] =>
  alphas.flatMap((alpha) =>
    sizes.flatMap((size) =>
      TOPS.map((includeTop) => {
        const file = `${fileName(alpha, size)}${includeTop ? "" : "_no_top"}.h5`;
        const options = { alpha, includeTop, inputShape: [size, size, 3] as const };
        return { model, file, url: `${KERAS}/${model}/${file}`, md5: null, options };
      }),
    ),
  );

/** Every file that Keras publishes for these applications; the default of each comes first. */
export const WEIGHT_FILES: readonly WeightFile[] = [
  ...family("mobilenet", [1, 0.75, 0.5, 0.25], [224, 192, 160, 128], (alpha, size) => {
    const width = alpha === 1 ? "1_0" : `${(10 * alpha).toFixed(1).replace(".", "_")}`;
    return `mobilenet_${width}_${size}_tf`;
  }),
  ...family("mobilenet_v2", [1, 1.4, 1.3, 0.75, 0.5, 0.35], [224, 192, 160, 128, 96], (alpha, size) => {
    const width = Number.isInteger(alpha) ? alpha.toFixed(1) : `${alpha}`;
    return `mobilenet_v2_weights_tf_dim_ordering_tf_kernels_${width}_${size}`;
  }),
  ...pairs,
];

/**
 * The published file with that name, in any folder.
 * @param file The file's name, with or without folders before it.
 * @example weightFileNamed("downloads/mobilenet_1_0_224_tf.h5")?.model; // "mobilenet"
 */
export const weightFileNamed = (file: string): WeightFile | undefined =>
  WEIGHT_FILES.find((known) => known.file === file);
