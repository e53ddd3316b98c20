// Errors of a verifier within groups of people as a table.
import type { GroupErrors, PairRate } from "../../experiment/verification/index.js";
import { percent, whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";

const rate = ({ count, pairs, share, low, high }: PairRate): string =>
  pairs === 0
    ? "no pairs"
    : `${percent(share)} (${percent(low)} to ${percent(high)}; ${whole(count)} of ${whole(pairs)})`;

/** A row a group, with intervals of 95 %. */
export const groupErrorsText = (groups: readonly GroupErrors[]): string =>
  textTable(
    [
      { head: "group" },
      ...["images", "false acceptances", "false rejections"].map((head) => ({ head, align: "right" as const })),
    ],
    groups.map(({ group, images, falseAcceptance, falseRejection }) => [
      group,
      whole(images),
      rate(falseAcceptance),
      rate(falseRejection),
    ]),
  );
