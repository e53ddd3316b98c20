// Questions that are settled before a model is given away, from the facts of its run: the beginning of its card.
import { type Proportion, wilsonInterval } from "../../core/statistics/index.js";
import { decisionsIn } from "../../report/evaluation.js";
import type { RunFacts } from "../../report/facts.js";
import { counted } from "../journal/words.js";
import { readCardLines } from "./card-lines.js";
import { PART_TITLES } from "./facts.js";
import type { RunFolder } from "./folder.js";
import { readRunImages } from "./images.js";
import { factsOf, recipeOf } from "./run.js";

/** One question of the list: settled, open, or without an answer in the run's files. */
export interface CheckItem {
  /** The subject of the question. */
  readonly kind: "copies" | "test" | "labels" | "calibration" | "warnings" | "card";
  /** The statement that is to hold, such as "No test image has trained the model". */
  readonly title: string;
  /** "done" where it holds, "open" where something is left to do, "unknown" where the run's files do not say. */
  readonly state: "done" | "open" | "unknown";
  /** The facts behind the state, a sentence. */
  readonly sentence: string;
}

/** A width of the interval of the test accuracy that says too little. */
const WIDE = 0.1;

/**
 * The questions of a run, in the order in which they should be settled.
 * @param folder folder of a run that has ended
 * @throws FoveaError for a folder that is no finished run
 * @example
 * for (const { title, state } of await checklist(await RunFolder.open("runs/pets"))) console.log(state, title);
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
        sentence: `None of the ${test.length} test images is a copy, byte for byte, of one that trained or chose the model; fovea health looks for near copies.`,
      }
    : {
        ...item,
        state: "open",
        sentence: `${shared} of the ${test.length} test images are copies of images that trained or chose the model; leave them out, for the test figures are too good.`,
      };
}

interface Answers extends Proportion {
  readonly total: number;
  /** Mean confidence. */
  readonly mean: number;
}

/** Share of right answers on the test images of a classification, with the run's own interval, which knows of groups. */
function answersOf({ evaluation, metrics }: RunFacts): Answers | undefined {
  const decisions = decisionsIn(evaluation);
  if (decisions === undefined || decisions.labels.length === 0) return undefined;
  const total = decisions.labels.length;
  let [right, sum] = [0, 0];
  for (let n = 0; n < total; n++) {
    if (decisions.labels[n] === decisions.predicted[n]) right++;
    sum += decisions.confidence[n]!;
  }
  const { share, ...wilson } = wilsonInterval(right, total);
  const known = metrics.find(({ split }) => split === PART_TITLES.test)?.intervals?.accuracy;
  const interval = known === undefined ? wilson : { low: known[0], high: known[1] };
  return { total, mean: sum / total, share, ...interval };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function tested(facts: RunFacts): CheckItem[] {
  const answers = answersOf(facts);
  if (answers === undefined) return [];
  const { share, low, high, total } = answers;
  return [
    {
      kind: "test",
      title: "Enough test images",
      state: high - low <= WIDE ? "done" : "open",
      sentence: `${percent(share)} of ${total} test images are right, with 95 % confidence ${percent(low)} to ${percent(high)}${
        high - low <= WIDE ? "." : "; test on more images before you rely on the figure."
      }`,
    },
  ];
}

async function labels(folder: RunFolder): Promise<CheckItem> {
  const item = { kind: "labels", title: "Labels were worked on" } as const;
  const { journal } = (await recipeOf(folder)).data;
  return journal === undefined
    ? {
        ...item,
        state: "open",
        sentence:
          "The model was trained without a label journal, so no label is known to be checked; look at the surest mistakes among the training images.",
      }
    : {
        ...item,
        state: "done",
        sentence: `The label journal had ${counted(journal.entries, "entry")} when the model was trained; it does not say who looked at the other labels.`,
      };
}

function calibrated(facts: RunFacts): CheckItem[] {
  const answers = answersOf(facts);
  if (answers === undefined) return [];
  const { share, low, high, mean } = answers;
  const isFair = mean >= low && mean <= high;
  const isTold = high - low <= WIDE;
  const words = isFair
    ? `which lies within the interval of that share${isTold ? "" : ", but that is too wide to say"}`
    : `so it is ${mean > share ? "surer" : "less sure"} than it is right`;
  const { trust } = facts;
  const stored =
    trust !== undefined && "temperature" in trust
      ? ` Its file has a temperature of ${trust.temperature.toFixed(2)}, with which the expected calibration error on the test images is ${trust.after.ece.toFixed(3)}, without ${trust.before.ece.toFixed(3)}.`
      : " Its file has no temperature; train it again to have one.";
  return [
    {
      kind: "calibration",
      title: "Mean confidence fits the accuracy",
      state: isFair ? (isTold ? "done" : "unknown") : "open",
      sentence: `${percent(share)} of its answers are right, and its mean confidence is ${percent(mean)}, ${words}.${stored}`,
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
