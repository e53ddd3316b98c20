// Slices on a page: the worst first, with intervals and what their number makes of chance; fairness where an attribute of people
// is given.
import { amount, chance, percent, whole } from "../../format.js";
import type { FairnessFacts, RateFacts, SliceRowFacts, SlicesFacts } from "../../slice-facts.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Section, table } from "../parts.js";

/** So many slices are listed. */
const MOST_ROWS = 30;
/** So many answers are listed for each group. */
const MOST_ANSWERS = 8;

/** The section of slices, of its own in a report. */
export const slicesSection = (slices: SlicesFacts): Section => ({
  id: "slices",
  title: "Slices",
  body: html`${slicesBody(slices)}${slices.fairness && fairnessBody(slices.fairness)}`,
});

function slicesBody({ figure, isShare, whole: all, images, seen, rows }: SlicesFacts): Html {
  const told = (value: number): string => (isShare ? percent(value) : amount(value));
  const worse = rows.filter(({ isWorse }) => isWorse);
  const more = rows.length - MOST_ROWS;
  const rowOf = ({
    attribute,
    value,
    images: count,
    figure: here,
    low,
    high,
    p,
    adjusted,
    isWorse,
  }: SliceRowFacts): Content[] => [
    className(attribute),
    className(value),
    whole(count),
    told(here),
    low === undefined ? "" : `${told(low)} to ${told(high!)}`,
    chance(p),
    isWorse ? html`<strong>${chance(adjusted)}</strong>` : chance(adjusted),
  ];
  return html`<p>${
    rows.length === 0
      ? "Nothing is known of the images that would part them."
      : worse.length === 0
        ? `No slice of the ${whole(images)} test images is worse than the others by more than chance explains.`
        : `${whole(worse.length)} of ${whole(rows.length)} slices ${worse.length === 1 ? "is" : "are"} worse than the other test images by more than chance explains.`
  } Over all images: ${figure} ${told(all)}.</p>
${
  rows.length > 0 &&
  table(
    "Slices of the test images",
    [
      ...["of", "value"].map((head) => ({ head })),
      ...["images", figure, "95% interval", "p", "p, all slices counted"].map((head) => ({ head, number: true })),
    ],
    rows.slice(0, MOST_ROWS).map(rowOf),
  )
}
<p class="muted after">The worst first${more > 0 && `; ${whole(more)} more are better`}. Numbers are cut into quarters. p: ${
    isShare ? "Fisher's exact test, one-sided" : "permutations"
  }, of the slice against the other images, then by Benjamini and Hochberg's procedure over all slices.${
    seen < images && ` Brightness and the like are known of ${whole(seen)} images.`
  }</p>`;
}

const rate = ({ share, low, high, count }: RateFacts): string =>
  count === 0 ? "–" : `${percent(share)} (${percent(low)} to ${percent(high)})`;

function fairnessBody({ attribute, answers, groups, parityGap, opportunityGap }: FairnessFacts): Html {
  const shown = answers.slice(0, MOST_ANSWERS);
  const more = answers.length - shown.length;
  return html`<h3>By <bdi>${attribute}</bdi></h3>
<p>Between two groups the share of images that an answer is given to differs by up to ${percent(parityGap)} (demographic parity), and the share that is rightly found by up to ${percent(opportunityGap)} (equal opportunity). Whether such differences are right a person decides: where groups differ in truth, no model has both, and calibration within groups as well.</p>
${table(
  `Answers by ${attribute}`,
  [
    { head: "group" },
    { head: "answer" },
    { head: "images", number: true },
    { head: "given", number: true },
    { head: "found", number: true },
  ],
  groups.flatMap((group) =>
    shown.map((answer, k): Content[] => [
      className(k === 0 ? group.name : ""),
      className(answer),
      k === 0 ? whole(group.images) : "",
      rate(group.given[k]!),
      rate(group.found[k]!),
    ]),
  ),
)}${more > 0 && html`<p class="muted after">${whole(more)} further answers are left out; the differences count them.</p>`}
${
  groups.some(({ calibration }) => calibration !== undefined) &&
  table(
    `Calibration by ${attribute}`,
    [
      { head: "group" },
      ...["mean confidence", "right", "expected calibration error"].map((head) => ({ head, number: true })),
    ],
    groups.flatMap(({ name, calibration }): Content[][] =>
      calibration === undefined
        ? []
        : [[className(name), percent(calibration.confidence), rate(calibration.right), percent(calibration.error)]],
    ),
  )
}`;
}
