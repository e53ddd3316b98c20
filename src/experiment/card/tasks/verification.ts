// Cards of verifications: error rates at the threshold, and the pairs that are judged worst.

import type { PairFacts } from "../../../report/facts.js";
import { metric, percent, whole } from "../../../report/format.js";
import { known } from "../rows.js";
import { EVALUATION, MOST_FAILURES, number, type TaskCard } from "./task-card.js";

const worst = (title: string, key: "missed" | "falsely", pairs: readonly PairFacts[]) => ({
  title,
  columns: [{ head: "one image" }, { head: "other image" }, number("cosine")],
  rows: pairs.slice(0, MOST_FAILURES).map(({ first, second, score }, i) => ({
    cells: [first.file ?? "", second.file ?? "", metric(score)],
    from: [`${EVALUATION}/${key}/${i}`],
  })),
});

export const verificationCard: TaskCard<"verification"> = {
  figures: ({ split, figures, threshold }) => [
    {
      title: `Error rates of ${split}, identities that training has not seen`,
      columns: [{ head: "figure" }, number("value")],
      rows: [
        ...Object.entries(figures).map(([key, value]) => ({
          cells: [key, metric(value)],
          from: [`${EVALUATION}/figures/${key}`],
        })),
        { cells: ["threshold of the cosine", metric(threshold)], from: [`${EVALUATION}/threshold`] },
      ],
      note: "eer: where false acceptances and false rejections are equally frequent; far and frr: both at the threshold that validation chose.",
    },
  ],
  calibration: () => [],
  slices: () => [],
  failures: ({ pairs, figures, missed, falsely }) => ({
    rows: [
      known(
        "Pairs of one identity that are missed",
        `${percent(figures.frr ?? 0)} of ${whole(pairs.same)}`,
        `${EVALUATION}/figures/frr`,
        `${EVALUATION}/pairs/same`,
      ),
      known(
        "Pairs of two identities that are taken for one",
        `${percent(figures.far ?? 0)} of ${whole(pairs.others)}`,
        `${EVALUATION}/figures/far`,
        `${EVALUATION}/pairs/others`,
      ),
    ],
    tables: [
      worst("The lowest cosines of one identity", "missed", missed),
      worst("The highest cosines of two identities", "falsely", falsely),
    ].filter(({ rows }) => rows.length > 0),
  }),
};
