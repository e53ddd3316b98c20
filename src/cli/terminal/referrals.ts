// Answers that a person should look at, and what sets, ranges and costs say of them, as cells and lines of text.
import { singleLine } from "../../core/text.js";
import type { Answer, Judgement } from "../../experiment/models/index.js";
import { metric, whole } from "../../report/format.js";

/** So many referred images are named. */
const NAMED = 20;
/** So many classes of a set are named. */
const MEMBERS = 8;

interface JudgedColumn {
  readonly head: string;
  readonly isShown: (answer: Judgement) => boolean;
  readonly cell: (answer: Judgement) => string;
}

const ends = ([low, high]: readonly (number | null)[]): string =>
  `${low === null ? "any" : metric(low ?? 0)} to ${high === null ? "any" : metric(high ?? 0)}`;
type Pair = readonly [number | null, number | null];
const isPair = (interval: NonNullable<Judgement["interval"]>): interval is Pair => !Array.isArray(interval[0]);

const COLUMNS: readonly JudgedColumn[] = [
  {
    head: "cannot be ruled out",
    isShown: ({ set }) => set !== undefined,
    cell: ({ set = [] }) =>
      set.length === 0
        ? "no class"
        : set.slice(0, MEMBERS).map(singleLine).join(", ") + (set.length > MEMBERS ? `, ... ${set.length} in all` : ""),
  },
  {
    head: "range",
    isShown: ({ interval }) => interval !== undefined,
    cell: ({ interval }) =>
      interval === undefined
        ? ""
        : isPair(interval)
          ? ends(interval)
          : interval.map((pair) => ends(pair as Pair)).join(", "),
  },
  {
    head: "decision",
    isShown: ({ decision }) => decision !== undefined,
    cell: ({ decision = "" }) => singleLine(decision),
  },
  {
    head: "cost",
    isShown: ({ expected_cost }) => expected_cost !== undefined,
    cell: ({ expected_cost = 0 }) => metric(expected_cost),
  },
  {
    head: "answer",
    isShown: ({ accepted }) => !accepted,
    cell: ({ accepted }) => (accepted ? "accepted" : "referred"),
  },
];

/** Columns behind those of answers: those that some answer has something for. */
export const judgedColumns = (answers: readonly Judgement[]): readonly JudgedColumn[] =>
  COLUMNS.filter(({ isShown }) => answers.some(isShown));

/** A line for each referred image with its reason; nothing where all are accepted. */
export function referralLines(answers: readonly Answer[]): string {
  const referred = answers.flatMap((answer) =>
    answer.accepted ? [] : [{ image: answer.image, reason: answer.reason }],
  );
  if (referred.length === 0) return "";
  const lines = referred.slice(0, NAMED).map(({ image, reason }) => `  ${singleLine(image)}: ${reason}`);
  const rest = referred.length > NAMED ? [`  ... ${whole(referred.length - NAMED)} more`] : [];
  const title = `${referred.length === 1 ? "One answer is" : `${whole(referred.length)} answers are`} referred to a person:`;
  return `\n\n${[title, ...lines, ...rest].join("\n")}`;
}
