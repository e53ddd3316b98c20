// The course of a study: values in the order of trials with the best so far, and the curves of all trials with the pruned.
import { trialMetric } from "../../format.js";
import type { StudyFacts } from "../../study-facts.js";
import type { Chart, Layer } from "../render.js";
import { COLORS, FULL_WIDTH } from "../theme.js";
import { quantity } from "./axis.js";
import { clamp, completeTrials, drawnTrials, shownRange, signOf, trialValue } from "./values.js";

const STATE_COLORS = { complete: COLORS.series[0], pruned: COLORS.series[1], failed: COLORS.wrong } as const;

/** The colours of those states that occur, with a legend above the plot where there are several. */
function stateColors(drawn: readonly { readonly state: string }[], symbolType: "circle" | "square") {
  const domain = (["complete", "pruned", "failed"] as const).filter((known) =>
    drawn.some(({ state }) => state === known),
  );
  return {
    field: "state",
    type: "nominal" as const,
    scale: { domain, range: domain.map((state) => STATE_COLORS[state]) },
    legend: domain.length > 1 ? ({ orient: "top", direction: "horizontal", offset: 6, symbolType } as const) : null,
  };
}

/** The optimization history of an objective: a point a trial, the best so far as a line, failed trials at the edge. */
export function optimizationHistory(facts: StudyFacts, objective = 0): Chart {
  const sign = signOf(facts, objective);
  const complete = completeTrials(facts, objective);
  const range = shownRange(
    complete.map((trial) => trialValue(trial, objective)!),
    sign,
  );
  let outside = 0;
  const points = drawnTrials(facts, facts.trials).flatMap((trial) => {
    const value = trialValue(trial, objective);
    if (value !== undefined && clamp(value, range) !== value) outside++;
    const edge = sign > 0 ? range.high : range.low;
    if (trial.state === "fail") return [{ trial: trial.number, value: edge, state: "failed" }];
    if ((trial.state !== "complete" && trial.state !== "pruned") || value === undefined) return [];
    return [{ trial: trial.number, value: clamp(value, range), state: trial.state }];
  });
  let best = Number.NaN;
  const line = complete.flatMap((trial) => {
    const value = trialValue(trial, objective)!;
    if (sign * value >= sign * best) return [];
    best = value;
    return [{ trial: trial.number, value: clamp(value, range) }];
  });
  const last = Math.max(1, facts.trials.length - 1);
  if (line.length > 0) line.push({ trial: last, value: line.at(-1)!.value });
  const x = quantity("trial", [0, last], { title: "trial", tickMinStep: 1, format: "d", tickCount: 12 });
  const y = quantity("value", [range.low, range.high], { title: null, tickCount: 6 });
  const name = facts.objectives[objective] ?? "value";
  const notes = [
    ...(Number.isNaN(best) ? [] : [`best ${trialMetric(best)}`]),
    ...(outside > 0 ? [`${outside} far worse trials stand at the edge`] : []),
  ];
  return {
    name: objective === 0 ? "history" : `history-${objective + 1}`,
    spec: {
      width: FULL_WIDTH,
      height: 300,
      autosize: { type: "fit", contains: "padding" },
      title: notes.length > 0 ? { text: name, subtitle: notes.join("; ") } : name,
      layer: [
        {
          data: { values: line },
          mark: { type: "line", interpolate: "step-after", strokeWidth: 2, color: COLORS.right },
          encoding: { x, y },
        },
        {
          data: { values: points },
          mark: { type: "point", filled: true, size: 36, opacity: 0.75, clip: false },
          encoding: {
            x,
            y,
            color: stateColors(points, "circle"),
          },
        },
      ],
    },
  };
}

/** Of more curves than this a sample is drawn, and the pruned ones thinner. */
const MOST_CURVES = 250;

/** Reports of trials on their way, the pruned ones up to their end; undefined where nothing was reported. */
export function intermediateValues(facts: StudyFacts): Chart | undefined {
  const sign = signOf(facts);
  const reporting = facts.trials.filter((trial) => trial.intermediate.length > 0);
  if (reporting.length === 0) return undefined;
  const every = Math.ceil(reporting.length / MOST_CURVES);
  const [best] = facts.best;
  const shown = reporting.filter((trial, i) => i % every === 0 || trial.number === best);
  const range = shownRange(
    reporting.flatMap(({ intermediate }) => intermediate.map(([, value]) => value).filter((value) => value !== null)),
    sign,
  );
  const points = shown.flatMap((trial) =>
    trial.intermediate.map(([step, value]) => ({
      trial: trial.number,
      step,
      value: value === null ? null : clamp(value, range),
      state: trial.number === best ? "best" : trial.state === "pruned" ? "pruned" : "complete",
    })),
  );
  const ends = shown
    .filter((trial) => trial.state === "pruned")
    .map((trial) => points.findLast((point) => point.trial === trial.number)!);
  const steps = Math.max(1, ...points.map(({ step }) => step));
  const x = quantity("step", [0, steps], { title: "step", tickMinStep: 1, format: "d", tickCount: 12 });
  const y = quantity("value", [range.low, range.high], { title: null, tickCount: 6 });
  const curves = (state: string, color: string, strokeWidth: number, opacity: number): Layer => ({
    data: { values: points.filter((point) => point.state === state) },
    mark: { type: "line", strokeWidth, opacity, color },
    encoding: { x, y, detail: { field: "trial", type: "nominal" } },
  });
  const isPruned = ends.length > 0;
  const subtitle = [
    "blue: complete, bold: the best",
    ...(isPruned ? ["orange: pruned, up to their last report"] : []),
    ...(every > 1 ? [`one curve of ${every} is drawn`] : []),
  ].join("; ");
  return {
    name: "intermediate",
    spec: {
      width: FULL_WIDTH,
      height: 320,
      autosize: { type: "fit", contains: "padding" },
      title: { text: facts.objectives[0] ?? "value", subtitle },
      layer: [
        curves("pruned", COLORS.series[1], 1, 0.6),
        curves("complete", COLORS.series[0], 1.2, 0.55),
        {
          data: { values: ends },
          mark: { type: "point", filled: true, size: 26, color: COLORS.series[1] },
          encoding: { x, y },
        },
        curves("best", COLORS.ink, 2.4, 1),
      ],
    },
  };
}

/** Times of the trials; undefined where no trial has both times. */
export function timeline(facts: StudyFacts): Chart | undefined {
  const timed = facts.trials.filter(({ startedAt, finishedAt }) => startedAt !== null && finishedAt !== null);
  if (timed.length === 0) return undefined;
  const began = Math.min(...timed.map(({ startedAt }) => Date.parse(startedAt!)));
  const ended = Math.max(...timed.map(({ finishedAt }) => Date.parse(finishedAt!)));
  const inMinutes = ended - began > 600_000;
  const unit = inMinutes ? 60_000 : 1000;
  const bars = drawnTrials(facts, timed).map((trial) => ({
    from: (Date.parse(trial.startedAt!) - began) / unit,
    to: (Date.parse(trial.finishedAt!) - began) / unit,
    top: trial.number - 0.4,
    bottom: trial.number + 0.4,
    state: trial.state === "fail" ? "failed" : trial.state,
  }));
  return {
    name: "timeline",
    label: "Times of the trials",
    spec: {
      data: { values: bars },
      width: FULL_WIDTH,
      height: Math.min(520, Math.max(120, 9 * facts.trials.length)),
      autosize: { type: "fit", contains: "padding" },
      mark: { type: "rect", cornerRadius: 1 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          scale: { nice: false, zero: true },
          axis: { title: inMinutes ? "minutes since the study began" : "seconds since the study began", tickCount: 10 },
        },
        x2: { field: "to" },
        y: {
          field: "top",
          type: "quantitative",
          scale: { reverse: true, nice: false, domain: [-0.8, facts.trials.length - 0.2] },
          axis: { title: "trial", tickMinStep: 1, format: "d", grid: false },
        },
        y2: { field: "bottom" },
        color: stateColors(bars, "square"),
      },
    },
  };
}
