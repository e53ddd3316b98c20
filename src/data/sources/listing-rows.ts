// Some of a listing's images, with all that the listing says of them.
import { defined } from "../../core/defined.js";
import type { Listing, ListingColumn } from "./listing.js";

/** A listing of some rows, in their order; its masks and boxes are left out. */
export function listingRows(listing: Listing, rows: readonly number[]): Listing {
  const { where, images, columns, split, group, weight, exposure, date, lines, findings } = listing;
  const at = <T>(values: readonly T[]): T[] => rows.map((row) => values[row]!);
  const numbers = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]!);
  const column = (values: ListingColumn): ListingColumn =>
    values instanceof Float64Array ? numbers(values) : (at<string | readonly string[]>(values) as ListingColumn);
  return {
    where,
    images: at(images),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, column(values)])),
    ...defined({
      split: split && at(split),
      group: group && at(group),
      weight: weight && numbers(weight),
      exposure: exposure && numbers(exposure),
      date: date && at(date),
      lines: lines && Int32Array.from(rows, (row) => lines[row]!),
    }),
    findings,
  };
}
