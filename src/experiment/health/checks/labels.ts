// Labels that models of other images contradict: one finding an image, with a suggestion where the models are confident, and
// one on the classes that are taken for each other.
import { counted } from "../../../data/messages.js";
import type { Check, HealthFinding } from "../check.js";
import { isSure, type JudgedLabels, judgeLabels, LEAST_IMAGES, sureOdds } from "../labels.js";
import type { HealthSubject } from "../subject.js";
import { percent } from "../words.js";

/** Pairs of classes that a sentence names. */
const PAIRS = 3;
/** A smaller share of wrong labels is no more than what models are wrong about. */
const LEAST_SHARE = 0.01;

export const labels: Check = {
  name: "labels",
  title: "Labels",
  method:
    "Models that learned from other images give each image a probability for each class: linear heads on the features of a " +
    "base, or on those of patches where none fits, in five folds with groups and copies whole. As many labels are named as the joint distribution " +
    "of labels and true classes says are wrong, the least probable first (confident learning: Northcutt, Jiang and Chuang, " +
    `JAIR 70, 2021). Classes of fewer than ${LEAST_IMAGES} pictures are not judged.`,
  kinds: ["label"],
  collects: ["pixels"],
  needs: ["classes to judge"],
  run: async (subject) => {
    const judged = await judgeLabels(subject);
    if (judged === undefined) return [];
    if (judged.agreement.low <= judged.commonest) return [unlearnable(subject, judged)];
    return [...noiseFindings(subject, judged), ...labelFindings(subject, judged)];
  },
};

/** A note that nothing is said of these labels, for the models know the classes too little. */
function unlearnable({ images: all }: HealthSubject, { images, agreement, commonest }: JudgedLabels): HealthFinding {
  return {
    check: "labels",
    kind: "label",
    severity: "note",
    files: images.map((index) => all[index]!.file),
    images,
    evidence:
      `models of the other images agree with ${percent(agreement.share)} of the labels of ${counted(images.length, "image")}, ` +
      `where always saying the commonest label agrees with ${percent(commonest)}: no label can be judged by them`,
    remedy: "name a base that suits the images (--base), or look at the labels yourself",
  };
}

/** Findings of single images, the most suspicious first. */
function labelFindings({ images: all }: HealthSubject, judged: JudgedLabels): HealthFinding[] {
  const { images, classNames, suspects, probabilities } = judged;
  const odds = sureOdds(judged);
  return suspects.map((suspect): HealthFinding => {
    const { row, label, suggested, selfConfidence } = suspect;
    const mayTake = isSure(suspect, odds);
    const index = images[row]!;
    const [now, other] = [classNames[label]!, classNames[suggested]!];
    const p = probabilities[row * classNames.length + suggested]!;
    return {
      check: "labels",
      kind: "label",
      severity: "warning",
      files: [all[index]!.file],
      images: [index],
      evidence: `${all[index]!.file} is labelled ${now}, and models of the other images take it for ${other} (${percent(p)}, ${now} ${percent(selfConfidence)})`,
      remedy: mayTake
        ? `look at it, and label it ${other} if that is right`
        : "look at it, and leave it out if it shows neither well",
      ...(mayTake ? { mend: { way: "relabel" as const, image: index, to: other } } : {}),
    };
  });
}

/** The share of wrong labels, and which classes are taken for each other. */
function noiseFindings(
  { images: all }: HealthSubject,
  { classNames, images, noise: { joint }, suspects }: JudgedLabels,
): HealthFinding[] {
  const pairs = joint
    .flatMap((row, i) => Array.from(row, (share, j) => ({ i, j, share })))
    .filter(({ i, j, share }) => i !== j && share > 0)
    .sort((a, b) => b.share - a.share || a.i - b.i || a.j - b.j);
  const wrong = pairs.reduce((sum, { share }) => sum + share, 0);
  if (wrong < LEAST_SHARE || suspects.length === 0) return [];
  const named = pairs
    .slice(0, PAIRS)
    .map(({ i, j, share }) => `${classNames[i]!} for ${classNames[j]!} (${(100 * share).toFixed(1)} %)`);
  const rows = suspects.map(({ row }) => images[row]!);
  return [
    {
      check: "labels",
      kind: "label",
      severity: "note",
      files: rows.map((index) => all[index]!.file),
      images: rows,
      evidence:
        `an estimated ${(100 * wrong).toFixed(1)} % of the labels of ${counted(images.length, "image")} are wrong, most often ` +
        named.join(", "),
      remedy: "look at the images named below, the most suspicious first; images that models find hard are among them",
    },
  ];
}
