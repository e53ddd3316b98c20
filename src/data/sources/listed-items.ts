// A listing out of code: images with their labels or numbers as a program has them, without files on a disk.
import { FoveaError, shown } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { PART_NAMES, type PartName } from "../split/part-name.js";
import type { Listing, ListingColumn } from "./listing.js";
import { isoDate } from "./manifest-columns.js";

/** An image with all that is known of it. */
export interface ListedItem {
  /** Name in messages, hashes and reports; every image needs another. */
  readonly path: string;
  /** An image file's bytes, a function that brings them, or its path on the disk. */
  readonly image: Uint8Array | (() => Promise<Uint8Array>) | string;
  /** Length of the file in bytes where `image` is no array. Default 0, for not known. */
  readonly size?: number;
  /** A class, a number, or several labels, by the name of their column; every item needs the same columns. */
  readonly targets?: Readonly<Record<string, string | number | readonly string[]>>;
  /** The part that the image belongs to; left out where a split decides. */
  readonly split?: PartName;
  /** The group that no split tears apart. */
  readonly group?: string;
  /** Weight in losses and figures, at least 0. */
  readonly weight?: number;
  /** Time or amount under observation, above 0. */
  readonly exposure?: number;
  /** ISO 8601, such as `2024-05-31`. */
  readonly date?: string;
}

const FIELDS = ["path", "image", "size", "targets", "split", "group", "weight", "exposure", "date"];

/**
 * The listing of images that a program holds.
 * @param items The images.
 * @param where The name in messages.
 * @throws FoveaError for items without a path or image, two with one path, columns or fields that some items lack, and
 * weights, exposures or dates that mean nothing.
 * @example
 * const [first, second] = [await readFile("photos/1.png"), await readFile("photos/2.png")];
 * const listing = listItems([{ path: "a", image: first, targets: { price: 310000 } }, { path: "b", image: second, targets: { price: 95000 } }]);
 * targetsOf(listing, { columns: ["price"] }).targets.kind; // "numbers"
 */
export function listItems(items: readonly ListedItem[], where = "the list of images"): Listing {
  if (!Array.isArray(items) || items.length === 0)
    throw new FoveaError(
      "wrong-type",
      `${where}: expected a list of items { path, image, targets }, received ${shown(items)}`,
    );
  const paths = new Set<string>();
  for (const item of items) {
    checkOptions(where, item, FIELDS);
    if (typeof item.path !== "string" || item.path === "" || paths.has(item.path))
      throw new FoveaError(
        "duplicate",
        `${where}: expected a path for every image that no other has, received ${shown(item.path)}`,
      );
    paths.add(item.path);
  }
  const all = <T>(field: string, read: (item: ListedItem) => T | undefined): T[] | undefined => {
    const values = items.map(read);
    const lacking = values.indexOf(undefined);
    if (values.every((value) => value === undefined)) return undefined;
    if (lacking < 0) return values as T[];
    throw new FoveaError(
      "missing-labels",
      `${where}: ${items[lacking]!.path} has no ${field}, and others have one; give it to all or to none`,
    );
  };
  const names = Object.keys(items[0]!.targets ?? {});
  const odd = items.find(({ targets = {} }) => Object.keys(targets).length !== names.length);
  if (odd !== undefined)
    throw new FoveaError(
      "mismatched-parts",
      `${where}: ${odd.path} has other targets than ${items[0]!.path}; give all the same columns`,
    );
  const columns = names.map(
    (name) => [name, columnOf(where, name, all(name, ({ targets }) => targets?.[name])!)] as const,
  );
  const numbers = (field: "weight" | "exposure", isRight: (value: number) => boolean, rule: string) => {
    const values = all(field, (item) => item[field]);
    const wrong = values?.findIndex((value) => !(Number.isFinite(value) && isRight(Math.fround(value)))) ?? -1;
    if (wrong >= 0)
      throw new FoveaError(
        "wrong-value",
        `${where}: expected ${rule}, received ${shown(values![wrong])} of ${items[wrong]!.path}; correct it`,
      );
    return values && Float64Array.from(values);
  };
  const weight = numbers("weight", (value) => value >= 0, "a weight of at least 0");
  if (weight?.every((value) => value === 0))
    throw new FoveaError(
      "wrong-value",
      `${where}: every weight is 0, so no image would count; give some a weight above 0`,
    );
  const exposure = numbers("exposure", (value) => value > 0, "an exposure above 0");
  const group = all("group", (item) => item.group);
  const date = all("date", (item) => item.date);
  const noDate = date?.find((text) => isoDate(text) === undefined);
  if (noDate !== undefined)
    throw new FoveaError(
      "wrong-value",
      `${where}: expected dates such as 2024-05-31, received ${shown(noDate)}; write them so`,
    );
  const split = items.map((item) => item.split);
  const noPart = split.find((part) => part !== undefined && !PART_NAMES.includes(part));
  if (noPart !== undefined)
    throw new FoveaError(
      "unknown-choice",
      `${where}: expected one of ${PART_NAMES.join(", ")} as split, received ${shown(noPart)}`,
    );
  return {
    where,
    images: items.map(({ path, image, size = 0 }) =>
      image instanceof Uint8Array
        ? { path, size: image.length, source: async () => image }
        : { path, size, source: image },
    ),
    columns: Object.fromEntries(columns),
    ...(split.some((part) => part !== undefined) && { split }),
    ...(group && { group }),
    ...(weight && { weight }),
    ...(exposure && { exposure }),
    ...(date && { date: date.map((text) => isoDate(text)!) }),
    findings: [],
  };
}

function columnOf(
  where: string,
  name: string,
  values: readonly (string | number | readonly string[])[],
): ListingColumn {
  if (values.every((value) => typeof value === "number")) return Float64Array.from(values);
  if (values.every((value) => typeof value === "string")) return values;
  if (values.every((value) => Array.isArray(value))) return values;
  throw new FoveaError(
    "wrong-type",
    `${where}: expected texts, numbers or lists of texts in ${name}, received a mixture; give one kind`,
  );
}
