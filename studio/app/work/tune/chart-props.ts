// The properties that every chart of a study takes.
import type { Area, Pointing } from "../../charts/plot.tsx";
import { nearestPoint } from "../../charts/points.ts";
import { hovered, pick, pickedTrial } from "./selection.ts";
import type { Selection, StudyModel } from "./study-model.ts";

export interface ChartProps {
  readonly model: StudyModel;
  readonly selection: Selection;
}

const short = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

/** A value as charts and tables show it. */
export function valueText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(2).replace("e+", "e");
  return short.format(value);
}

/** A parameter as tables show it. */
export function parameterText({ trials }: StudyModel, parameter: number, trial: number): string {
  const value = trials.params[parameter]![trial]!;
  if (Number.isNaN(value)) return "";
  const facts = trials.view.parameters[parameter]!;
  return facts.type === "categorical" ? String(facts.choices[value]) : valueText(value);
}

/** The pointer over points of trials: the same trial is shown in every chart. */
export function pointingAt(
  { trials, objective }: StudyModel,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  numbers: ArrayLike<number>,
): Pointing {
  return {
    hovered,
    picked: pickedTrial(),
    onPick: pick,
    nearest: (area: Area, atX: number, atY: number) => nearestPoint(area, x, y, numbers, atX, atY),
    placeOf: (number) => {
      const [across, up] = [x[number], y[number]];
      return across === undefined || up === undefined || Number.isNaN(across) || Number.isNaN(up)
        ? undefined
        : [across, up];
    },
    textOf: (number) => `trial ${number} · ${valueText(trials.values[objective]![number])}`,
  };
}
