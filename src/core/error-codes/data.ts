// Codes for images and data.
import type { ErrorCodeFacts } from "./facts.js";

export const IMAGES = {
  "not-an-image": {
    meaning: "A file is not an image in a supported format.",
    cause: "It is empty, a web page, a document or an image in another format.",
    fix: "Save it as PNG, JPEG, WebP, GIF or BMP.",
  },
  "damaged-image": {
    meaning: "An image is truncated or cannot be decoded.",
    cause: "A copy, an upload or a download was interrupted.",
    fix: "Copy or download it again, or leave it out.",
  },
  "unsupported-image": {
    meaning: "Fovea does not read this variant of an image format.",
    cause: "It has a rare compression, number of bits or number of components.",
    fix: "Save it in a common variant, such as RGB with 8 bits.",
  },
  "no-images": {
    meaning: "There are no images.",
    cause: "The folder is empty, or the images are in another folder.",
    fix: "Give the folder with the images.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const DATA = {
  "unknown-class": {
    meaning: "A class is unknown.",
    cause: "A folder, a label or a table names a class that the model or the list of classes does not have.",
    fix: "Rename it, or train a model with it.",
  },
  "unknown-column": {
    meaning: "A table or a manifest has no such column.",
    cause: "The name is misspelt, or it is the wrong table.",
    fix: "Use one of the columns that the message lists.",
  },
  "missing-values": {
    meaning: "Cells or files that are needed are empty or missing.",
    cause: "Rows are incomplete, or images of an evaluation were removed.",
    fix: "Fill in the cells, remove the rows, or restore the files.",
  },
  "missing-labels": {
    meaning: "Images have no labels, masks or boxes for training or evaluation.",
    cause: "Annotations are missing, or are in another folder.",
    fix: "Annotate the images, or give the folder of the annotations.",
  },
  "wrong-value": {
    meaning: "A cell, a label or a target has an impossible value.",
    cause: "A typing mistake, another unit, or a loss that does not allow such numbers.",
    fix: "Correct or remove the row that the message names.",
  },
  "annotation-mismatch": {
    meaning: "A mask or an outline does not fit its image.",
    cause: "The image was resized after it was annotated, or the annotation is damaged.",
    fix: "Export the annotation again for this image.",
  },
  "too-little-data": {
    meaning: "There are too few images, rows, groups or classes for the request.",
    cause: "Training needs images for learning and for evaluation, and statistics need a minimum number.",
    fix: "Add some, or request less.",
  },
  "impossible-split": {
    meaning: "The data cannot be divided as requested.",
    cause: "A part, a fold or a group would be empty, or a class is too small for all parts.",
    fix: "Hold out another share, or split by another rule.",
  },
  "unsuited-data": {
    meaning: "The data do not suit the task.",
    cause:
      "The task needs masks and the data have classes, the task needs images and the data are a table, or a column mixes types.",
    fix: "Choose a task that suits the data, or data that suit the task.",
  },
  "mismatched-parts": {
    meaning: "Files or settings do not belong together.",
    cause: "They come from different runs, files, studies or versions.",
    fix: "Pass files or settings of the same origin.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
