// Properties of the images of a part: their class, columns of the manifest, size, and how the photos look.
import { COLOR_MODES, type ListingColumn } from "../../data/index.js";
import type { LoadedFolder, Part } from "../data/experiment-data.js";
import { lookedAt, looksOfRows, MOST_PHOTOS, type PhotoLook } from "../data/part-looks.js";
import { namesOf } from "../data/parts.js";
import type { ImageSamples } from "../data/sample-set.js";
import type { SliceAttribute } from "../trust/index.js";

export interface AttributeOptions {
  /** Columns of the targets, which are no attributes. */
  readonly targets?: readonly string[] | undefined;
  /** The most photos that are looked at, a random sample of the part. Default 1000. */
  readonly most?: number | undefined;
  readonly threads?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface PartAttributes {
  readonly attributes: readonly SliceAttribute[];
  /** Photos that were looked at. */
  readonly seen: number;
}

/**
 * Attributes of the images of a part, each with a value for each image.
 * @param folder the source that the part is of
 */
export async function attributesOf(
  folder: LoadedFolder<ImageSamples>,
  part: Part<ImageSamples>,
  { targets = [], most, threads, onProgress }: AttributeOptions = {},
): Promise<PartAttributes> {
  const { samples, rows } = part;
  const looks = await looksOf(folder, part, { most: most ?? MOST_PHOTOS, threads, onProgress });
  const pixels = Array.from(rows, (row) => samples.heights[row]! * samples.widths[row]!);
  return {
    attributes: [
      ...classAttribute(part),
      ...columnsOf(folder, part, new Set(targets)),
      { name: "pixels", values: pixels },
      { name: "colours", values: Array.from(rows, (row) => COLOR_MODES[samples.modes[row]!]!) },
      ...looks.attributes,
    ],
    seen: looks.seen,
  };
}

function classAttribute({ targets, rows }: Part<ImageSamples>): SliceAttribute[] {
  if (targets.kind !== "classes") return [];
  const names = namesOf(targets);
  return [{ name: "class", values: Array.from(rows, (row) => names[targets.indices[row]!]!) }];
}

/** Columns of the manifest besides the targets', its groups and the months of its dates. */
function columnsOf(
  { listing, group, date }: LoadedFolder<ImageSamples>,
  { samples, rows }: Part<ImageSamples>,
  targets: ReadonlySet<string>,
): SliceAttribute[] {
  const others: SliceAttribute[] = [
    ...(group === undefined ? [] : [{ name: "group", values: Array.from(rows, (row) => group[row]!) }]),
    ...(date === undefined ? [] : [{ name: "month", values: Array.from(rows, (row) => monthOf(date[row]!)) }]),
  ];
  if (listing === undefined) return others;
  const places = new Map(listing.images.map(({ path }, at) => [path, at]));
  const at = Array.from(rows, (row) => places.get(samples.files[row]!));
  const isPlain = (column: ListingColumn): column is readonly string[] | Float64Array =>
    column instanceof Float64Array || typeof column[0] === "string";
  const columns = Object.entries(listing.columns).flatMap(([name, column]): SliceAttribute[] => {
    if (targets.has(name) || !isPlain(column)) return [];
    if (column instanceof Float64Array)
      return [{ name, values: at.map((index) => (index === undefined ? Number.NaN : column[index]!)) }];
    const cells = at.map((index) => (index === undefined ? "" : column[index]!));
    return [{ name, values: numbersIn(cells) ?? cells }];
  });
  return [...columns, ...others];
}

/** Numbers of fewer different values are names: a number of rooms, a code. */
const MOST_NAMED_NUMBERS = 10;

/** Cells as numbers, NaN for empty ones; undefined where they are names. */
function numbersIn(cells: readonly string[]): number[] | undefined {
  const numbers = cells.map((cell) => (cell.trim() === "" ? Number.NaN : Number(cell)));
  const isNumeric = numbers.every((value, at) => Number.isFinite(value) || cells[at]!.trim() === "");
  return isNumeric && new Set(cells).size > MOST_NAMED_NUMBERS ? numbers : undefined;
}

const monthOf = (date: string): string => date.slice(0, 7);

/** Brightness, contrast, sharpness, camera and month of the photos themselves. */
async function looksOf(
  folder: LoadedFolder<ImageSamples>,
  { rows }: Part<ImageSamples>,
  { most, threads, onProgress }: Pick<AttributeOptions, "threads" | "onProgress"> & { readonly most: number },
): Promise<PartAttributes> {
  const looks = await looksOfRows(folder, lookedAt(rows, most), { threads, onProgress });
  if (looks.size === 0) return { attributes: [], seen: 0 };
  const numbers = (name: "brightness" | "contrast" | "sharpness"): SliceAttribute => ({
    name,
    values: Array.from(rows, (row) => {
      const look = looks.get(row);
      return look === undefined || look.pixels === 0 ? Number.NaN : look[name];
    }),
  });
  const names = (name: string, factOf: (look: PhotoLook) => string | undefined): SliceAttribute => ({
    name,
    values: Array.from(rows, (row) => {
      const look = looks.get(row);
      return look === undefined ? "" : (factOf(look) ?? "");
    }),
  });
  return {
    attributes: [
      numbers("brightness"),
      numbers("contrast"),
      numbers("sharpness"),
      names("camera", ({ camera }) => camera),
      names("taken", ({ taken }) => taken && monthOf(taken)),
    ],
    seen: looks.size,
  };
}
