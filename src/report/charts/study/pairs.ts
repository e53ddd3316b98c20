// Two things at a time: contours over two parameters, the same space under a grid and as the study tried it, and two
// objectives with their Pareto front.

import { ownValue } from "../../../core/lookup.js";
import { pngDataUri } from "../../images/data-uri.js";
import type { StudyFacts } from "../../study-facts.js";
import type { Chart, Layer } from "../render.js";
import { COLORS, FULL_WIDTH } from "../theme.js";
import { channel, domainOf, type ParameterAxis, quantity } from "./axis.js";
import { type SurfacePoint, surface } from "./surface.js";
import { clamp, completeTrials, drawnTrials, goodness, shownRange, signOf, trialValue } from "./values.js";

/** Plots are square enough for a map; images need their size in pixels. */
const MAP = { width: 440, height: 320 } as const;
const NARROW_MAP = { width: 262, height: 210 } as const;

type MapSize = typeof MAP | typeof NARROW_MAP;

interface Pair {
  readonly x: ParameterAxis;
  readonly y: ParameterAxis;
}

function pointsOf(facts: StudyFacts, { x, y }: Pair): (SurfacePoint & { readonly best: boolean })[] {
  const trials = drawnTrials(facts, completeTrials(facts));
  const good = goodness(
    trials.map((trial) => trialValue(trial)!),
    signOf(facts),
  );
  const [best] = facts.best;
  return trials.flatMap((trial) => {
    const [px, py] = [x.position(ownValue(trial.params, x.name)), y.position(ownValue(trial.params, y.name))];
    if (px === undefined || py === undefined) return [];
    return [{ x: px, y: py, good: good(trialValue(trial)!), best: trial.number === best }];
  });
}

/** The map under the points: an image from corner to corner of the plot. */
function background(points: readonly SurfacePoint[], { x, y }: Pair, size: MapSize): Layer {
  const side = (axis: ParameterAxis) => ({ domain: domainOf(axis), cells: axis.cells });
  const image = surface(points, side(x), side(y));
  return {
    data: { values: [{ url: pngDataUri(image) }] },
    mark: { type: "image", ...size, aspect: false },
    encoding: {
      x: { value: size.width / 2 },
      y: { value: size.height / 2 },
      url: { field: "url", type: "nominal" },
    },
  };
}

const dots = (values: readonly object[], pair: Pair, size: number): Layer[] => {
  const [x, y] = [channel(pair.x, "x"), channel(pair.y, "y")];
  return [
    {
      data: { values: [...values] },
      mark: { type: "point", filled: true, size, color: COLORS.ink, stroke: COLORS.page, strokeWidth: 0.8, opacity: 1 },
      encoding: { x, y },
    },
    {
      data: { values: [...values] },
      transform: [{ filter: "datum.best" }],
      mark: { type: "point", size: 120, stroke: COLORS.wrong, strokeWidth: 2 },
      encoding: { x, y },
    },
  ];
};

/** Maps over the pairs of the three most important parameters; deep colour is good. */
export function contours(facts: StudyFacts, axes: readonly ParameterAxis[]): Chart[] {
  const pairs = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].flatMap(([a, b]): Pair[] => {
    const [x, y] = [axes[a!], axes[b!]];
    return x === undefined || y === undefined ? [] : [{ x, y }];
  });
  return pairs.flatMap((pair, i): Chart[] => {
    const points = pointsOf(facts, pair);
    if (points.length < 4) return [];
    const spec = (size: MapSize): Chart["spec"] => ({
      ...size,
      autosize: { type: "pad", contains: "padding" },
      title: `${pair.x.name} and ${pair.y.name}`,
      layer: [background(points, pair, size), ...dots(points, pair, 30)],
    });
    return [{ name: `contour-${i + 1}`, spec: spec(MAP), narrow: spec(NARROW_MAP) }];
  });
}

/** Marks along the upper and right edges: which values of each parameter were tried. */
const rugs = (points: readonly SurfacePoint[], pair: Pair, size: MapSize): Layer[] => [
  {
    data: { values: points.map(({ x }) => ({ x })) },
    mark: { type: "tick", orient: "vertical", color: COLORS.wrong, thickness: 1.2, size: 10 },
    encoding: { x: channel(pair.x, "x"), y: { value: -7 } },
  },
  {
    data: { values: points.map(({ y }) => ({ y })) },
    mark: { type: "tick", orient: "horizontal", color: COLORS.wrong, thickness: 1.2, size: 10 },
    encoding: { y: channel(pair.y, "y"), x: { value: size.width + 7 } },
  },
];

const distinct = (values: readonly number[]): number => new Set(values.map((value) => value.toFixed(6))).size;

/**
 * The waste of a grid: as many trials as the study has in a grid over its two most important parameters, and beside
 * it the trials it made. Where one parameter matters most, what counts is how many values of it were tried. Undefined
 * without a parameter that has more values than a grid could try.
 */
export function gridVersusTrials(
  facts: StudyFacts,
  axes: readonly ParameterAxis[],
  sampler: string,
): Chart | undefined {
  const x = axes.find((axis) => !axis.discrete);
  const y = axes.find((axis) => axis !== x);
  if (x === undefined || y === undefined) return undefined;
  const pair = { x, y };
  const points = pointsOf(facts, pair);
  const columns = Math.floor(Math.sqrt(points.length));
  if (columns < 2) return undefined;
  const places = (axis: ParameterAxis): number[] =>
    axis.discrete
      ? axis.ticks
          .map(({ position }) => position)
          .filter((_, i, all) => all.length <= columns || i % Math.ceil(all.length / columns) === 0)
      : Array.from({ length: columns }, (_, i) => (i + 0.5) / columns);
  const grid = places(x).flatMap((px) => places(y).map((py) => ({ x: px, y: py, good: 0, best: false })));
  const panel = (size: MapSize, title: string, shown: readonly SurfacePoint[], text: string) => ({
    ...size,
    title: { text: title, subtitle: text, offset: 22 },
    layer: [background(points, pair, size), ...dots(shown, pair, 42), ...rugs(shown, pair, size)],
  });
  const values = (shown: readonly SurfacePoint[]): string =>
    `${shown.length} trials, ${distinct(shown.map((point) => point.x))} values of ${x.name}`;
  const both = (size: MapSize) => [
    panel(size, "A grid", grid, values(grid)),
    panel(size, `This study (${sampler})`, points, values(points)),
  ];
  return {
    name: "grid",
    label: `A grid, and the trials of this study, over ${x.name} and ${y.name}`,
    spec: { hconcat: both(MAP), spacing: 60 },
    narrow: { vconcat: both(NARROW_MAP), spacing: 40 },
  };
}

/** Several studies' trials over the same two parameters, side by side; marks at the edges are the values tried of each. */
export function panelsOf(studies: readonly StudyFacts[], x: ParameterAxis, y: ParameterAxis): Chart {
  const pair = { x, y };
  const panels = (size: MapSize) =>
    studies.map((facts) => {
      const points = pointsOf(facts, pair);
      const [ofX, ofY] = [distinct(points.map((point) => point.x)), distinct(points.map((point) => point.y))];
      const text = `${points.length} trials, ${ofX} values of ${x.name}, ${ofY} of ${y.name}`;
      const title = { text: facts.name, subtitle: text, offset: 22 };
      return { ...size, title, layer: [...dots(points, pair, 42), ...rugs(points, pair, size)] };
    });
  const label = `The trials of ${studies.map(({ name }) => name).join(", ")} over ${x.name} and ${y.name}`;
  return {
    name: "panels",
    label,
    spec: { concat: panels(MAP), columns: 2, spacing: 60 },
    narrow: { vconcat: panels(NARROW_MAP), spacing: 40 },
  };
}

/** The points that no other beats in both coordinates, from the best in x on; signs say which way is better. */
export function staircase<P extends { readonly x: number; readonly y: number }>(
  points: readonly P[],
  signX: 1 | -1,
  signY: 1 | -1,
): P[] {
  const steps: P[] = [];
  for (const point of [...points].sort((a, b) => signX * (a.x - b.x) || signY * (a.y - b.y)))
    if (steps.length === 0 || signY * point.y < signY * steps.at(-1)!.y) steps.push(point);
  return steps;
}

/**
 * Two objectives: all complete trials, those that no other beats in both joined by a line, those on the study's front
 * marked, which of more than two objectives has others too. Undefined for one objective.
 */
export function paretoFront(facts: StudyFacts): Chart | undefined {
  if (facts.objectives.length < 2) return undefined;
  const trials = drawnTrials(facts, completeTrials(facts)).filter((trial) => trialValue(trial, 1) !== undefined);
  const ranges = [0, 1].map((objective) =>
    shownRange(
      trials.map((trial) => trialValue(trial, objective)!),
      signOf(facts, objective),
    ),
  );
  const front = new Set(facts.best);
  const points = trials.map((trial) => ({
    x: clamp(trialValue(trial, 0)!, ranges[0]!),
    y: clamp(trialValue(trial, 1)!, ranges[1]!),
    front: front.has(trial.number),
    label: `#${trial.number}`,
  }));
  const axis = (i: 0 | 1) =>
    quantity(i === 0 ? "x" : "y", [ranges[i]!.low, ranges[i]!.high], {
      title: `${facts.objectives[i]} (${facts.directions[i]})`,
      tickCount: 6,
      grid: true,
    });
  const [x, y] = [axis(0), axis(1)];
  const best = points.filter((point) => point.front).sort((a, b) => a.x - b.x);
  const line = staircase(points, signOf(facts, 0), signOf(facts, 1));
  return {
    name: "pareto",
    label: `Pareto front of ${facts.objectives.join(" and ")}`,
    spec: {
      width: FULL_WIDTH,
      height: 380,
      autosize: { type: "fit", contains: "padding" },
      layer: [
        {
          data: { values: points.filter((point) => !point.front) },
          mark: { type: "point", filled: true, size: 34, color: COLORS.series[0], opacity: 0.7 },
          encoding: { x, y },
        },
        {
          data: { values: line },
          mark: {
            type: "line",
            // Each point's value in y holds up to the next point that is worse in x.
            interpolate: facts.directions[0] === "minimize" ? "step-after" : "step-before",
            strokeWidth: 1.4,
            color: COLORS.right,
          },
          encoding: { x, y },
        },
        {
          data: { values: best },
          mark: { type: "point", filled: true, size: 60, color: COLORS.right, opacity: 1 },
          encoding: { x, y },
        },
        {
          data: { values: best },
          mark: { type: "text", align: "left", baseline: "bottom", dx: 5, dy: -3, fontSize: 10.5, color: COLORS.muted },
          encoding: { x, y, text: { field: "label" } },
        },
      ],
    },
  };
}
