// The split by date: the latest samples are held out, as a model meets them that is trained today and used tomorrow.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { byCodePoint } from "../../core/text-order.js";
import { checkShare, type Split } from "./train-test.js";

/**
 * Holds out the latest dates, until `test` has as nearly as possible `testSize` of the samples. Samples of one date stay
 * together, and each part has at least one date.
 * @param dates ISO 8601 in one form, which sorts as text
 * @param options.testSize between 0 and 1. Default 0.2.
 * @param options The share of the latest dates.
 * @throws FoveaError where all dates are the same.
 * @example dateSplit(["2024-01-01", "2024-02-01", "2024-03-01"], { testSize: 0.3 }).test // [2]
 */
export function dateSplit(dates: readonly string[], options: { readonly testSize?: number } = {}): Split {
  checkOptions("dateSplit", options, ["testSize"]);
  const { testSize = 0.2 } = options;
  checkShare(testSize);
  const counts = new Map<string, number>();
  for (const date of dates) counts.set(date, (counts.get(date) ?? 0) + 1);
  const days = [...counts.keys()].sort(byCodePoint);
  if (days.length < 2)
    throw new FoveaError(
      "impossible-split",
      `split by date: expected at least two dates, so that the later can be held out, received ${days[0] ?? "none"} only; split otherwise`,
    );
  const wanted = testSize * dates.length;
  let first = days.length - 1;
  let held = counts.get(days[first]!)!;
  while (first > 1) {
    const more = held + counts.get(days[first - 1]!)!;
    if (Math.abs(more - wanted) >= Math.abs(held - wanted)) break;
    held = more;
    first--;
  }
  const from = days[first]!;
  const rows = Int32Array.from(dates.keys());
  return {
    train: rows.filter((row) => byCodePoint(dates[row]!, from) < 0),
    test: rows.filter((row) => byCodePoint(dates[row]!, from) >= 0),
  };
}
