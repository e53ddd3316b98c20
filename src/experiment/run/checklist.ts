// What is to be settled before a model is given away, from the facts of its run: the beginning of its card.
import { wilsonInterval } from "../../core/statistics/index.js";
import type { RunFacts } from "../../report/facts.js";
import { readCardLines } from "./card-lines.js";
import type { RunFolder } from "./folder.js";
import { readRunImages } from "./images.js";
import { factsOf, recipeOf } from "./run.js";

/** One question of the list: settled, open, or without an answer in the run's files. */
export interface CheckItem {
  readonly kind: "copies" | "test" | "labels" | "calibration" | "warnings" | "card";
  readonly title: string;
  readonly state: "done" | "open" | "unknown";
  /** What is known, a sentence. */
  readonly sentence: string;
}

/** A width of the interval of the test accuracy that says too little. */
const WIDE = 0.1;

/**
 * The questions of a run, in the order in which they should be settled.
 * @throws FoveaError for a folder that is no finished run
 * @example for (const { title, state } of await checklist(await RunFolder.open("runs/pets"))) console.log(state, title);
 */
export async function checklist(folder: RunFolder): Promise<CheckItem[]> {
  const facts = await factsOf(folder);
  return [
    await copies(folder, facts),
    ...tested(facts),
    await labels(folder),
    ...calibrated(facts),
    warned(facts),
    await written(folder),
  ];
}

async function copies(folder: RunFolder, { hashes }: RunFacts): Promise<CheckItem> {
  const item = { kind: "copies", title: "No test image has trained the model" } as const;
  const sha256 = hashes.find(({ label }) => label === "weights_sha256")?.value;
  const parts = (await folder.has("images")) ? readRunImages(await folder.text("images"), sha256) : undefined;
  if (parts === undefined)
    return { ...item, state: "unknown", sentence: "The run does not say which images were in which part." };
  const seen = new Set([...parts.train.hashes, ...parts.validation.hashes]);
  const test = parts.test.hashes;
  const shared = test.filter((hash) => seen.has(hash)).length;
  return shared === 0
    ? {
        ...item,
        state: "done",
        sentence: `None of the ${test.length} test images is a copy, byte for byte, of one that trained or chose the model.`,
      }
    : {
        ...item,
        state: "open",
        sentence: `${shared} of the ${test.length} test images are copies of images that trained or chose the model; leave them out, for the test figures are too good.`,
      };
}

/** Counts of right answers on the test images of a classification. */
function rightOf({
  evaluation,
}: RunFacts): { readonly right: number; readonly total: number; readonly mean: number } | undefined {
  if (evaluation?.kind !== "classification" || evaluation.labels.length === 0) return undefined;
  const total = evaluation.labels.length;
  let [right, sum] = [0, 0];
  for (let n = 0; n < total; n++) {
    if (evaluation.labels[n] === evaluation.predicted[n]) right++;
    sum += evaluation.confidence[n]!;
  }
  return { right, total, mean: sum / total };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function tested(facts: RunFacts): CheckItem[] {
  const counts = rightOf(facts);
  if (counts === undefined) return [];
  const { share, low, high } = wilsonInterval(counts.right, counts.total);
  return [
    {
      kind: "test",
      title: "Enough test images",
      state: high - low <= WIDE ? "done" : "open",
      sentence: `${percent(share)} of ${counts.total} test images are right, with 95 % confidence ${percent(low)} to ${percent(high)}${
        high - low <= WIDE ? "." : "; test on more images before anybody relies on the figure."
      }`,
    },
  ];
}

async function labels(folder: RunFolder): Promise<CheckItem> {
  const { journal } = (await recipeOf(folder)).data;
  return journal === undefined
    ? {
        kind: "labels",
        title: "Labels were checked",
        state: "open",
        sentence:
          "No label of the data has been corrected or confirmed; look at the surest mistakes among the training images.",
      }
    : {
        kind: "labels",
        title: "Labels were checked",
        state: "done",
        sentence: `The label journal had ${journal.entries} ${journal.entries === 1 ? "entry" : "entries"} when the model was trained.`,
      };
}

function calibrated(facts: RunFacts): CheckItem[] {
  const counts = rightOf(facts);
  if (counts === undefined) return [];
  const { share, low, high } = wilsonInterval(counts.right, counts.total);
  const isFair = counts.mean >= low && counts.mean <= high;
  const words = isFair
    ? "which lies within the interval of that share"
    : `so it is ${counts.mean > share ? "surer" : "less sure"} than it is right`;
  return [
    {
      kind: "calibration",
      title: "Confidence is what it says",
      state: isFair ? "done" : "open",
      sentence: `${percent(share)} of its answers are right, and its mean confidence is ${percent(counts.mean)}, ${words}.`,
    },
  ];
}

function warned({ warnings }: RunFacts): CheckItem {
  return {
    kind: "warnings",
    title: "Warnings of the run",
    state: warnings.length === 0 ? "done" : "open",
    sentence: warnings.length === 0 ? "The run has none." : warnings.join(" "),
  };
}

async function written(folder: RunFolder): Promise<CheckItem> {
  const lines = await readCardLines(folder);
  const missing = (["purpose", "limits", "contact"] as const).filter((line) => lines[line].trim() === "");
  return {
    kind: "card",
    title: "The card's lines are written",
    state: missing.length === 0 ? "done" : "open",
    sentence:
      missing.length === 0 ? "Purpose, limits and contact are written." : `Not written yet: ${missing.join(", ")}.`,
  };
}
