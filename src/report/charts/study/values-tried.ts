// Charts of the values of each parameter that several studies tried, with their results: a grid repeats the same few in
// any number of trials.
import { ownValue } from "../../../core/lookup.js";
import type { StudyFacts } from "../../study-facts.js";
import type { Chart } from "../render.js";
import { COLORS, HALF_WIDTH } from "../theme.js";
import { channel, type ParameterAxis, quantity } from "./axis.js";
import { clamp, completeTrials, drawnTrials, shownRange, signOf, trialValue } from "./values.js";

/** Number of different values of a parameter in the complete trials of a study. */
export const countTried = (facts: StudyFacts, parameter: string): number =>
  new Set(
    completeTrials(facts)
      .map((trial) => ownValue(trial.params, parameter))
      .filter((value) => value !== undefined),
  ).size;

/** A chart for each parameter: the trials of all studies by its values, a colour a study. */
export function valuesTried(studies: readonly StudyFacts[], axes: readonly ParameterAxis[]): Chart[] {
  const [first] = studies;
  if (first === undefined) return [];
  const drawn = studies.map((facts) => ({ facts, trials: drawnTrials(facts, completeTrials(facts)) }));
  const range = shownRange(
    drawn.flatMap(({ trials }) => trials.map((trial) => trialValue(trial)!)),
    signOf(first),
  );
  return axes.map((axis, i): Chart => {
    const points = drawn.flatMap(({ facts, trials }) =>
      trials.flatMap((trial) => {
        const position = axis.position(ownValue(trial.params, axis.name));
        return position === undefined ? [] : [{ position, value: clamp(trialValue(trial)!, range), study: facts.name }];
      }),
    );
    const counts = studies.map((facts) => `${facts.name}: ${countTried(facts, axis.name)} values`);
    return {
      name: `tried-${i + 1}`,
      spec: {
        data: { values: points },
        title: { text: axis.name, subtitle: counts.join("; ") },
        width: HALF_WIDTH,
        height: 200,
        autosize: { type: "fit", contains: "padding" },
        mark: { type: "point", filled: true, size: 34, opacity: 0.7 },
        encoding: {
          x: channel(axis, "position", null),
          y: quantity("value", [range.low, range.high], { title: null, tickCount: 5 }),
          color: {
            field: "study",
            type: "nominal",
            scale: { domain: studies.map(({ name }) => name), range: [...COLORS.series] },
            legend: { orient: "top", direction: "horizontal", symbolType: "circle", offset: 6 },
          },
        },
      },
    };
  });
}
