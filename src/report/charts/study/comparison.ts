// Several studies of the same thing side by side: how quickly each came to its best, as grid and random search are
// compared.
import type { StudyFacts, TrialFacts } from "../../study-facts.js";
import type { Chart } from "../render.js";
import { COLORS, FULL_WIDTH } from "../theme.js";
import { quantity } from "./axis.js";
import { clamp, shownRange, signOf, trialValue } from "./values.js";

/** After each complete trial that improved on those before it, its number and value; the last once more at the end. */
export function improvements(trials: readonly TrialFacts[], sign: 1 | -1): { trial: number; value: number }[] {
  const steps: { trial: number; value: number }[] = [];
  for (const trial of trials) {
    const value = trial.state === "complete" ? trialValue(trial) : undefined;
    if (value === undefined) continue;
    const best = steps.at(-1);
    if (best === undefined || sign * value < sign * best.value) steps.push({ trial: trial.number, value });
  }
  const end = steps.at(-1);
  return end === undefined ? [] : [...steps, { trial: trials.length - 1, value: end.value }];
}

/** The best so far of a study and of those beside it; undefined when there are none. */
export function sideBySide(facts: StudyFacts): Chart | undefined {
  const { beside = [] } = facts;
  if (beside.length === 0) return undefined;
  const sign = signOf(facts);
  const studies = [facts, ...beside];
  const points = studies.flatMap(({ name, trials }) =>
    improvements(trials, sign).map((step) => ({ ...step, study: name })),
  );
  const range = shownRange(
    points.map(({ value }) => value),
    sign,
  );
  const last = Math.max(1, ...studies.map(({ trials }) => trials.length - 1));
  return {
    name: "beside",
    spec: {
      data: { values: points.map((point) => ({ ...point, value: clamp(point.value, range) })) },
      width: FULL_WIDTH,
      height: 260,
      autosize: { type: "fit", contains: "padding" },
      title: `${facts.objectives[0] ?? "value"}: the best so far`,
      mark: { type: "line", interpolate: "step-after", strokeWidth: 2.2 },
      encoding: {
        x: quantity("trial", [0, last], { title: "trial", tickMinStep: 1, format: "d", tickCount: 12 }),
        y: quantity("value", [range.low, range.high], { title: null, tickCount: 6 }),
        color: {
          field: "study",
          type: "nominal",
          scale: { domain: studies.map(({ name }) => name), range: [...COLORS.series] },
          legend: { orient: "top", direction: "horizontal", symbolType: "stroke", symbolStrokeWidth: 3, offset: 6 },
        },
      },
    },
  };
}
