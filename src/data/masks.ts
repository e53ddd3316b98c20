// Masks of segmentation where classes of photos are expected: a folder of masks beside the folder of photos, or a mask
// beside each photo. Names raise the suspicion; the pixels of a few files decide.
import { readBytes } from "../platform/files.js";
import { baseName, extensionOf, joinPath } from "../platform/paths.js";
import { decodeImage, UndecodableImage } from "./decoders/index.js";
import type { Finding } from "./findings.js";
import { imagesPerClass, type LaidOut } from "./folders.js";
import { counted } from "./messages.js";
import { convertColor } from "./pixels.js";
import { MASK_ENDING, MASK_FOLDERS, PHOTO_FOLDERS } from "./usual-names.js";

/** Files of each kind whose pixels are looked at. */
const LOOKED_AT = 5;
/** A picture of so few colours is drawn, not photographed: two for a mask, a few for a map of classes. */
const MOST_COLOURS = 16;
/** JPEG blurs the edges of a mask: nearly all of its pixels are then close to the darkest or the brightest. */
const CLOSE = 10;
const NEARLY_ALL = 0.97;

/** The path without extension and without the ending of a mask. */
export const stemOf = (path: string): string =>
  path.slice(0, path.length - extensionOf(path).length).replace(MASK_ENDING, "");

/** @param several whether there are other parts, so that files need the part's name */
export async function maskFindings(part: LaidOut, several: boolean): Promise<Finding[]> {
  const classes = imagesPerClass(part.files);
  const shown = (path: string): string => (several ? joinPath(part.name, path) : path);
  return [...(await maskFolders(part, classes, shown)), ...(await masksBesidePhotos(part, classes, shown))];
}

type Show = (path: string) => string;

/** Two folders with the same file names, of which one is called, or looks, as a folder of masks does. */
async function maskFolders(
  { folder }: LaidOut,
  classes: ReadonlyMap<string, readonly string[]>,
  shown: Show,
): Promise<Finding[]> {
  const names = [...classes.keys()];
  const photos = names.find((name) => PHOTO_FOLDERS.test(name));
  const masks = names.find((name) => MASK_FOLDERS.test(name));
  if (photos === undefined || masks === undefined) return [];
  const inside = (name: string): string[] => classes.get(name)!.map((path) => stemOf(path.slice(name.length + 1)));
  const stems = new Set(inside(photos));
  const pairs = inside(masks).filter((stem) => stems.has(stem)).length;
  const colours = await mostColours(spread(classes.get(masks)!, LOOKED_AT).map((path) => joinPath(folder, path)));
  const areMasks = colours !== undefined;
  // Two classes may be called so by chance: their files then neither belong together nor look like masks.
  if (2 * pairs < Math.min(stems.size, classes.get(masks)!.length) && !areMasks) return [];
  const below = classes.get(photos)!.some((path) => path.split("/").length > 2);
  return [
    {
      kind: "masks",
      severity: "error",
      files: [shown(photos), shown(masks)],
      evidence:
        `the folders ${shown(photos)} and ${shown(masks)} are no classes: they hold ${counted(pairs, "pair")} of files with the same name` +
        `${areMasks ? `, and those of the second look like masks (${few(colours)} only)` : ""}`,
      remedy: `${
        below
          ? `for a classifier, use the folder ${joinPath(folder, photos)} with its class folders, and leave the masks out`
          : "for a classifier, sort the photos into one folder for each class, and leave the masks out"
      }; to learn the masks themselves, say --task segmentation`,
    },
  ];
}

/** Files of a class that share their names, one half of which looks like masks. */
async function masksBesidePhotos(
  { folder }: LaidOut,
  classes: ReadonlyMap<string, readonly string[]>,
  shown: Show,
): Promise<Finding[]> {
  const pairs = [...classes.values()].flatMap(pairsOf);
  if (pairs.length === 0) return [];
  const looked = spread(pairs, LOOKED_AT);
  const masks: string[] = [];
  let colours = 0;
  for (const pair of looked) {
    const [first, second] = await Promise.all(pair.map((path) => coloursOf(joinPath(folder, path))));
    // Both are drawn, or neither is: two pictures of the same name, then.
    if ((first === undefined) === (second === undefined)) continue;
    masks.push(pair[first === undefined ? 1 : 0]!);
    colours = Math.max(colours, first ?? second ?? 0);
  }
  if (2 * masks.length < looked.length || masks.length === 0) return [];
  const total = [...classes.values()].reduce((sum, files) => sum + files.length, 0);
  return [
    {
      kind: "masks",
      severity: "warning",
      files: masks.map(shown),
      evidence:
        `${2 * pairs.length} of ${total} images come in pairs of the same name within a class, and one of each looks ` +
        `like a mask (${few(colours)} only), such as ${baseName(masks[0]!)} in ${shown(parentOf(masks[0]!))}`,
      remedy: "move the masks out of the class folders, or they are taken for photos of the class",
    },
  ];
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

function pairsOf(files: readonly string[]): [string, string][] {
  const byStem = new Map<string, string[]>();
  for (const file of files) {
    const stem = stemOf(file);
    const known = byStem.get(stem);
    if (known === undefined) byStem.set(stem, [file]);
    else known.push(file);
  }
  return [...byStem.values()].filter((group): group is [string, string] => group.length === 2);
}

/** At most `count` of the values, from first to last. */
const spread = <T>(values: readonly T[], count: number): T[] =>
  Array.from(
    { length: Math.min(count, values.length) },
    (_, i) => values[Math.floor((i * values.length) / Math.min(count, values.length))]!,
  );

const few = (colours: number): string => (colours <= 2 ? "two values" : "a few values");

/** The most colours that one of these pictures has; undefined when one is a photo. */
async function mostColours(paths: readonly string[]): Promise<number | undefined> {
  let most = 0;
  for (const path of paths) {
    const colours = await coloursOf(path);
    if (colours === undefined) return undefined;
    most = Math.max(most, colours);
  }
  return most;
}

/** Number of colours of a drawn picture; undefined for a photo, and for a file that cannot be decoded. */
async function coloursOf(path: string): Promise<number | undefined> {
  try {
    const decoded = await decodeImage(await readBytes(path), path);
    const { data } = convertColor(decoded, "rgb");
    const seen = new Set<number>();
    for (let at = 0; at < data.length && seen.size <= MOST_COLOURS; at += 3)
      seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    if (seen.size <= MOST_COLOURS) return seen.size;
    const grey = convertColor(decoded, "grayscale").data;
    const low = grey.reduce((a, b) => Math.min(a, b));
    const high = grey.reduce((a, b) => Math.max(a, b));
    const close = grey.reduce((sum, value) => sum + Number(value - low <= CLOSE || high - value <= CLOSE), 0);
    return close >= NEARLY_ALL * grey.length ? 2 : undefined;
  } catch (error) {
    if (error instanceof UndecodableImage) return undefined;
    throw error;
  }
}
