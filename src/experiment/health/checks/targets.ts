// Numbers that models of other images and the images most like theirs contradict, both in the same direction.
import { OUTLIER } from "../../../data/index.js";
import type { Check, HealthFinding } from "../check.js";
import { type JudgedTarget, judgeTargets } from "../targets.js";

export const targets: Check = {
  name: "targets",
  title: "Numbers",
  method:
    "Each number is compared with the answer of a model that learned from other images (five folds, groups and copies whole) and " +
    "with the median of the ten images whose features are most like its own. It is named where both differ in the same " +
    `direction by a robust z-score of more than ${OUTLIER} (0.6745 of the distance from the median over the median absolute deviation: Iglewicz and Hoaglin 1993; Leys and others 2013); amounts are compared by logarithms.`,
  kinds: ["target"],
  collects: ["pixels"],
  needs: ["numbers to judge"],
  run: async (subject) => {
    const judged = await judgeTargets(subject);
    return (judged?.suspects ?? []).map((suspect) => findingOf(subject.images[suspect.image]!.file, suspect));
  },
};

/** A number with four digits that count. */
const told = (value: number): string => String(Number(value.toPrecision(4)));

function findingOf(
  file: string,
  { image, column, value, predicted, near, modelScore, nearScore }: JudgedTarget,
): HealthFinding {
  const scores = [modelScore, nearScore].map((score) => Math.abs(score).toFixed(1));
  return {
    check: "targets",
    kind: "target",
    severity: "warning",
    files: [file],
    images: [image],
    evidence:
      `${file} has ${column} ${told(value)}; a model of the other images says ${told(predicted)}, and the ten most like it ` +
      `have a median of ${told(near)} (robust z-scores ${scores.join(" and ")})`,
    remedy: `look it up where the number comes from, such as for a slipped decimal point, and correct it or leave the image out`,
  };
}
