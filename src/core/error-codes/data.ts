// Codes for images and data.
import type { ErrorCodeFacts } from "./facts.js";

export const IMAGES = {
  "not-an-image": {
    meaning: "A file is no image of a format that is read.",
    cause: "It is empty, a web page, a document or an image of another format.",
    fix: "Save it as PNG, JPEG, WebP, GIF or BMP.",
  },
  "damaged-image": {
    meaning: "An image is cut short or cannot be decoded.",
    cause: "A copy, an upload or a download broke off.",
    fix: "Copy or download it again, or leave it out.",
  },
  "unsupported-image": {
    meaning: "An image is of a known format, and this kind of it is not read.",
    cause: "It has a rare compression, number of bits or number of components.",
    fix: "Save it in a usual form, such as 8 bits and RGB.",
  },
  "no-images": {
    meaning: "There are no images where some are expected.",
    cause: "The folder is empty, or the images lie in another one.",
    fix: "Give the folder that the images are in.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const DATA = {
  "unknown-class": {
    meaning: "A class is none of those that are known.",
    cause: "A folder, a label or a table names a class that the model or the list of classes does not have.",
    fix: "Rename it, or train with it.",
  },
  "unknown-column": {
    meaning: "A table or a manifest has no such column.",
    cause: "The name is misspelt, or the table is another one.",
    fix: "Take one of the columns that the message lists.",
  },
  "missing-values": {
    meaning: "Cells or files that are needed are empty or missing.",
    cause: "Rows are not filled in, or images of an evaluation have gone.",
    fix: "Fill them in, drop the rows, or bring the files back.",
  },
  "missing-labels": {
    meaning: "Images have no labels, masks or boxes to learn from or to be judged by.",
    cause: "Annotations are missing, or lie in another folder.",
    fix: "Annotate the images, or give the folder of the annotations.",
  },
  "wrong-value": {
    meaning: "A cell, a label or a target has a value that cannot be there.",
    cause: "A typing mistake, another unit, or a loss that does not know such numbers.",
    fix: "Correct the row that the message names, or drop it.",
  },
  "annotation-mismatch": {
    meaning: "A mask or an outline does not fit its image.",
    cause: "The image was resized after it was annotated, or the annotation is damaged.",
    fix: "Export the annotation anew for this image.",
  },
  "too-little-data": {
    meaning: "There are too few images, rows, groups or classes for the request.",
    cause: "Training needs something to learn from and something to be judged by; statistics need a least number.",
    fix: "Add some, or ask for less.",
  },
  "impossible-split": {
    meaning: "The data cannot be divided as asked.",
    cause: "A part, a fold or a group would be empty, or a class too small to be in each part.",
    fix: "Hold out another share, or split by another rule.",
  },
  "unsuited-data": {
    meaning: "The data are not of the kind that the task needs.",
    cause: "A task of masks gets classes, one of images gets a table, or columns mix kinds.",
    fix: "Choose the task that suits the data, or the data that suit the task.",
  },
  "mismatched-parts": {
    meaning: "Things that have to belong together do not.",
    cause: "Parts come from different runs, files, studies or versions.",
    fix: "Give those that belong together.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
