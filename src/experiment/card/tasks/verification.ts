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
  figures: ({ threshold }) => [
    {
      title: "Threshold that validation chose",
      columns: [{ head: "two images are of one identity from" }, number("value")],
      rows: [{ cells: ["cosine of their embeddings", metric(threshold)], from: [`${EVALUATION}/threshold`] }],
      note: "The rates of false acceptances and false rejections above are at this threshold; at the equal error rate both are equal. TAR at FAR: the share of pairs of one identity that pass at the threshold that lets that share of all others pass.",
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
