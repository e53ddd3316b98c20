// Parameters against values: importance, slices, and all parameters at once as parallel coordinates.

import { ownValue } from "../../../core/lookup.js";
import { trialMetric } from "../../format.js";
import type { StudyFacts } from "../../study-facts.js";
import type { Chart, Layer } from "../render.js";
import { COLORS, FULL_WIDTH, HALF_WIDTH, LABEL_SIZE, shade } from "../theme.js";
import { channel, type ParameterAxis, parameterAxis, quantity } from "./axis.js";
import { clamp, completeTrials, drawnTrials, goodness, shownRange, signOf, trialValue } from "./values.js";

/** The axes of all parameters that have more than one value, the most important first. */
export function axesOf(facts: StudyFacts): ParameterAxis[] {
  const [ranking] = facts.importances;
  const rank = (name: string): number => (ranking && ownValue(ranking.shares, name)) ?? -1;
  return Object.entries(facts.space)
    .filter(([, parameter]) =>
      parameter.type === "categorical" ? parameter.choices.length > 1 : parameter.low < parameter.high,
    )
    .sort(([a], [b]) => rank(b) - rank(a))
    .map(([name, parameter]) => parameterAxis(name, parameter));
}

/** Bars for each parameter, one for each method; undefined where nothing is known yet. */
export function importance(facts: StudyFacts): Chart | undefined {
  const methods = facts.importances.filter(({ shares }) => Object.keys(shares).length > 0);
  if (methods.length === 0) return undefined;
  const values = methods.flatMap(({ method, shares }) =>
    Object.entries(shares).map(([parameter, share]) => ({
      method,
      parameter,
      share,
      label: `${Math.round(100 * share)}%`,
    })),
  );
  const order = [...new Set(values.map(({ parameter }) => parameter))];
  const y = {
    field: "parameter",
    type: "nominal",
    sort: order,
    axis: { title: null, labelColor: COLORS.ink, labelLimit: 180 },
  } as const;
  const offset = { field: "method", sort: methods.map(({ method }) => method) } as const;
  const x = {
    field: "share",
    type: "quantitative",
    axis: { title: "share of importance", format: ".0%", grid: true, tickCount: 6 },
  } as const;
  return {
    name: "importance",
    label: "Importance of the parameters",
    spec: {
      data: { values },
      width: FULL_WIDTH,
      height: 76 + order.length * (12 + 16 * methods.length),
      autosize: { type: "fit", contains: "padding" },
      layer: [
        {
          mark: { type: "bar" },
          encoding: {
            x,
            y,
            yOffset: offset,
            color: {
              field: "method",
              type: "nominal",
              scale: { domain: methods.map(({ method }) => method), range: [COLORS.series[0], COLORS.series[1]] },
              legend: { orient: "top", direction: "horizontal", symbolType: "square", offset: 6 },
            },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4, fontSize: LABEL_SIZE, color: COLORS.muted },
          encoding: { x, y, yOffset: offset, text: { field: "label" } },
        },
      ],
    },
  };
}

/** A chart for each parameter: its value, and what came of it. Later trials are darker. */
export function slices(facts: StudyFacts, axes: readonly ParameterAxis[]): Chart[] {
  const trials = drawnTrials(facts, completeTrials(facts));
  const sign = signOf(facts);
  const range = shownRange(
    trials.map((trial) => trialValue(trial)!),
    sign,
  );
  const best = new Set(facts.best);
  return axes.map((axis, i): Chart => {
    const points = trials.flatMap((trial) => {
      const position = axis.position(ownValue(trial.params, axis.name));
      return position === undefined
        ? []
        : [{ position, trial: trial.number, value: clamp(trialValue(trial)!, range), best: best.has(trial.number) }];
    });
    const y = quantity("value", [range.low, range.high], { title: null, tickCount: 5 });
    const x = channel(axis, "position", null);
    return {
      name: `slice-${i + 1}`,
      spec: {
        data: { values: points },
        title: axis.name,
        width: HALF_WIDTH,
        height: 200,
        autosize: { type: "fit", contains: "padding" },
        layer: [
          {
            // The rim keeps early trials in sight.
            mark: { type: "point", filled: true, size: 34, opacity: 0.8, stroke: COLORS.right, strokeWidth: 0.8 },
            encoding: {
              x,
              y,
              color: {
                field: "trial",
                type: "quantitative",
                scale: {
                  range: [shade(COLORS.right, 0.2), COLORS.right],
                  domain: [0, Math.max(1, facts.trials.length - 1)],
                },
                legend: null,
              },
            },
          },
          {
            transform: [{ filter: "datum.best" }],
            mark: { type: "point", size: 110, stroke: COLORS.wrong, strokeWidth: 1.8 },
            encoding: { x, y },
          },
        ],
      },
    };
  });
}

/** Every complete trial as a line through its parameters to its value; good ones dark and in front. */
export function parallelCoordinates(facts: StudyFacts, axes: readonly ParameterAxis[]): Chart | undefined {
  const trials = drawnTrials(facts, completeTrials(facts));
  if (axes.length === 0 || trials.length < 2) return undefined;
  const sign = signOf(facts);
  const values = trials.map((trial) => trialValue(trial)!);
  const range = shownRange(values, sign);
  const good = goodness(values, sign);
  const valuePlace = (value: number): number => (clamp(value, range) - range.low) / (range.high - range.low);
  const last = axes.length;
  const lines = trials
    .map((trial) => ({ trial, share: good(trialValue(trial)!) }))
    .sort((a, b) => a.share - b.share)
    .flatMap(({ trial, share }, order) =>
      [...axes.map((axis) => axis.position(ownValue(trial.params, axis.name))), valuePlace(trialValue(trial)!)].map(
        (position, column) => ({
          order,
          column,
          position: position ?? null,
          color: shade(COLORS.right, Number((0.25 + 0.75 * share).toFixed(2))),
          width: 0.8 + share,
        }),
      ),
    );
  const ticks = [
    ...axes.flatMap((axis, column) => axis.ticks.map(({ position, label }) => ({ column, position, label }))),
    ...[range.low, (range.low + range.high) / 2, range.high].map((value, i) => ({
      column: last,
      position: i / 2,
      label: trialMetric(value),
    })),
  ];
  const names = [...axes.map(({ name }) => name), facts.objectives[0] ?? "value"].map((name, column) => ({
    column,
    position: 1.08,
    name,
  }));
  const x = quantity("column", [-0.12, last + 0.3], null);
  const y = quantity("position", [-0.03, 1.12], null);
  const rules: Layer = {
    data: { values: names.map(({ column }) => ({ column, position: 0, top: 1 })) },
    mark: { type: "rule", color: COLORS.line, strokeWidth: 1.2 },
    encoding: { x, y, y2: { field: "top" } },
  };
  return {
    name: "parallel",
    label: "Parallel coordinates of the trials",
    narrow: false,
    spec: {
      width: FULL_WIDTH,
      height: 340,
      autosize: { type: "fit", contains: "padding" },
      layer: [
        rules,
        {
          data: { values: lines },
          mark: { type: "line", opacity: 0.75, invalid: "break-paths-show-path-domains" },
          encoding: {
            x,
            y,
            detail: { field: "order", type: "quantitative" },
            color: { field: "color", type: "nominal", scale: null },
            strokeWidth: { field: "width", type: "quantitative", scale: null },
            order: { field: "column", type: "quantitative" },
          },
        },
        {
          data: { values: ticks },
          mark: {
            type: "text",
            align: "left",
            dx: 5,
            fontSize: LABEL_SIZE,
            color: COLORS.ink,
            stroke: COLORS.page,
            strokeWidth: 3,
          },
          encoding: { x, y, text: { field: "label" } },
        },
        {
          data: { values: ticks },
          mark: { type: "text", align: "left", dx: 5, fontSize: LABEL_SIZE, color: COLORS.muted },
          encoding: { x, y, text: { field: "label" } },
        },
        {
          data: { values: names },
          mark: {
            type: "text",
            align: "left",
            dx: -2,
            fontSize: LABEL_SIZE,
            fontWeight: 600,
            color: COLORS.ink,
            limit: FULL_WIDTH / (last + 1.4),
          },
          encoding: { x, y, text: { field: "name" } },
        },
      ],
    },
  };
}
