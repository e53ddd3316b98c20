// Slices in words: the worst, and fairness by a column.
import { amount, chance, percent, whole } from "../../report/format.js";
import type { FairnessFacts, RateFacts, SlicesFacts } from "../../report/slice-facts.js";
import { textTable } from "../../report/text/table.js";

const MOST_ROWS = 12;
const MOST_ANSWERS = 5;

/** Slices as people read them, the worst first. */
export function slicesText({ figure, isShare, rows, seen, images, fairness }: SlicesFacts): string {
  const told = (value: number): string => (isShare ? percent(value) : amount(value));
  const worse = rows.filter(({ isWorse }) => isWorse).length;
  const right = { align: "right" as const };
  const columns = [
    { head: "slice of" },
    { head: "value" },
    ...["images", figure, "95% interval", "p", "adjusted"].map((head) => ({ head, ...right })),
    { head: "" },
  ];
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ attribute, value, images: count, figure: here, low, high, p, adjusted, isWorse }) => [
      ...[attribute, value, whole(count), told(here)],
      low === undefined ? "" : `${told(low)} to ${told(high!)}`,
      ...[chance(p), chance(adjusted), isWorse ? "worse" : ""],
    ]);
  return [
    `Slices: ${worse === 0 ? "none is" : worse === 1 ? "1 is" : `${whole(worse)} are`} worse than the other images by more than chance explains (of ${whole(rows.length)}, Benjamini-Hochberg)`,
    ...(cells.length === 0 ? [] : [textTable(columns, cells)]),
    ...(seen < images ? [`Brightness and the like are known of ${whole(seen)} of the ${whole(images)} images.`] : []),
    ...(fairness === undefined ? [] : ["", fairnessText(fairness)]),
  ].join("\n");
}

const rate = ({ share, low, high, count }: RateFacts): string =>
  count === 0 ? "-" : `${percent(share)} (${percent(low)} to ${percent(high)})`;

function fairnessText({ attribute, answers, groups, parityGap, opportunityGap }: FairnessFacts): string {
  const shown = answers.slice(0, MOST_ANSWERS);
  const rows = groups.flatMap((group) =>
    shown.map((answer, k) => [
      ...(k === 0 ? [group.name, whole(group.images)] : ["", ""]),
      ...[answer, rate(group.given[k]!), rate(group.found[k]!)],
    ]),
  );
  const calibrated = groups.flatMap(({ name, calibration }) =>
    calibration === undefined
      ? []
      : [
          `  ${name}: mean confidence ${percent(calibration.confidence)}, right ${rate(calibration.right)}, expected calibration error ${percent(calibration.error)}`,
        ],
  );
  const more = answers.length - shown.length;
  return [
    `By ${attribute}: shares of an answer differ by up to ${percent(parityGap)} (demographic parity), rates of right finds by up to ${percent(opportunityGap)} (equal opportunity)`,
    textTable(
      [
        { head: attribute },
        { head: "images", align: "right" },
        { head: "answer" },
        { head: "given", align: "right" },
        { head: "found", align: "right" },
      ],
      rows,
    ),
    ...(more > 0 ? [`... ${whole(more)} further answers; --json has them all`] : []),
    ...(calibrated.length === 0 ? [] : ["Calibration within groups:", ...calibrated]),
  ].join("\n");
}
