// Usual names of folders of segmentation and detection data, and of tables. Classes seldom have them; single letters,
// which are classes of handwriting, are left out.
import { extensionOf } from "../platform/paths.js";

/** Folders of photos that are no class. */
export const PHOTO_FOLDERS = /^(images?|imgs?|photos?|pictures?|pics?|jpe?gimages|originals?|raw|inputs?|rgb)$/i;
/** Folders of annotations of the photos: masks, boxes, labels. */
export const MASK_FOLDERS =
  /^(masks?|labels?|annotations?|annots?|anno|ground[-_ ]?truths?|gt|segmentations?|segmentation[-_ ]?class|segs?|mattes?|targets?|trimaps?)$/i;

/** Endings of the names of masks, behind the name of their photo. */
export const MASK_ENDING = /[-_. ](mask|masks|seg|segmentation|gt|groundtruth|label|labels|annotation|matte|trimap)$/i;
/** Names of the classes of masks, a line each. */
export const CLASS_NAMES_FILE = "classes.txt";

/** Corrections of labels, in a folder of images. */
export const LABEL_JOURNAL = "labels.journal";

const TEXT_TABLES: readonly string[] = [".csv", ".tsv"];
const TABLES: readonly string[] = [...TEXT_TABLES, ".xlsx", ".parquet"];

/** Checks whether a name is that of a table, of text or of another kind. */
export const isTableName = (name: string): boolean => TABLES.includes(extensionOf(name));
/** Checks whether a name is that of a table of text. */
export const isTextTableName = (name: string): boolean => TEXT_TABLES.includes(extensionOf(name));
