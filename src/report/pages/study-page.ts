// The page of a hyper-parameter study: how it went, what mattered, and how to rebuild the best, in one self-contained file.
// Decides what is said and in which order; the charts come from ../charts/study.

import { shortNumber } from "../charts/study/axis.js";
import { sideBySide } from "../charts/study/comparison.js";
import { intermediateValues, optimizationHistory, timeline } from "../charts/study/history.js";
import { contours, gridVersusTrials, paretoFront } from "../charts/study/pairs.js";
import { axesOf, importance, parallelCoordinates, slices } from "../charts/study/parameters.js";
import { signOf, trialValue } from "../charts/study/values.js";
import { duration, trialMetric, whole } from "../format.js";
import type { ParameterValue, StudyFacts, TrialFacts } from "../study-facts.js";
import { type Content, type Html, html } from "./html.js";
import { code, Figures, factList, page, type RenderedPage, type Section, table } from "./parts.js";

/** Of more parameters than this only the most important have a chart of their own. */
const MOST_SLICES = 12;
/** So many of the best trials are listed. */
const MOST_LISTED = 40;

/**
 * Draws a study's report.
 * @param facts The study.
 * @returns the page, which needs no other file and no network, and each of its charts as an SVG file.
 * @example
 * const trial = (number, x) => ({
 *   ...{ number, state: "complete", values: [x ** 2], params: { x }, enqueued: false, intermediate: [] },
 *   ...{ startedAt: null, finishedAt: null, reason: null },
 * });
 * const { html } = await renderStudyPage({
 *   ...{ createdBy: "Fovea", name: "squares", directions: ["minimize"], objectives: ["loss"], rows: [] },
 *   space: { x: { type: "float", low: -5, high: 5, log: false } },
 *   ...{ trials: [trial(0, 3), trial(1, 1)], best: [1], importances: [] },
 * });
 */
export async function renderStudyPage(facts: StudyFacts): Promise<RenderedPage> {
  const axes = axesOf(facts);
  const single = facts.objectives.length === 1;
  const sampler = facts.rows.find(({ label }) => label === "Sampler")?.value ?? "trials";
  const enough = facts.trials.some((trial) => trial.state === "complete");
  const charts = enough
    ? [
        ...facts.objectives.map((_, i) => optimizationHistory(facts, i)),
        importance(facts),
        ...slices(facts, axes.slice(0, MOST_SLICES)),
        ...contours(facts, axes),
        parallelCoordinates(facts, axes),
        single ? intermediateValues(facts) : undefined,
        paretoFront(facts),
        single ? sideBySide(facts) : undefined,
        gridVersusTrials(facts, axes, sampler),
        timeline(facts),
      ]
    : [timeline(facts)];
  const figures = await Figures.draw(charts.filter((chart) => chart !== undefined));
  const section = (
    id: string,
    title: string,
    prefix: string,
    text: string,
    className = "full",
  ): Section | undefined => {
    const shown = figures.show(prefix, className);
    return shown.length === 0
      ? undefined
      : { id, title, body: html`<p class="muted">${text}</p><div class="charts">${shown}</div>` };
  };
  const sections = [
    best(facts),
    section(
      "history",
      "Optimization history",
      "history",
      "Each trial's value in the order of trials; the line is the best so far.",
    ),
    section(
      "pareto",
      "Pareto front",
      "pareto",
      "Each trial by two of its values. No trial beats those on the line in both.",
    ),
    section(
      "importance",
      "Parameter importance",
      "importance",
      "fANOVA: the share of the values' variance that a parameter explains alone. PED-ANOVA: how far the best trials' choices differ from all trials' choices.",
    ),
    section(
      "slices",
      "Slices",
      "slice",
      `Values of the objective by parameter, the most important parameter first. Later trials have more colour, ${single ? "the best is" : "the front is"} ringed.`,
      "",
    ),
    section(
      "contours",
      "Contours",
      "contour",
      "Two parameters at a time: full colour is good, what fades was hardly tried. The best trial is ringed.",
      "",
    ),
    section(
      "parallel",
      "Parallel coordinates",
      "parallel",
      "Every complete trial as a line through its parameters to its value; the better, the more colour. A line breaks where a trial did not have the parameter.",
    ),
    section("intermediate", "Intermediate values", "intermediate", "What trials reported on their way."),
    section(
      "grid",
      "Grid versus random",
      "grid",
      "The same number of trials as a grid, and as this study made them, over the parameter with the most to try and one other. Marks at the edges are the values tried of each: a grid repeats the same few however many trials it has.",
    ),
    section("beside", "Side by side", "beside", "How quickly each study came to its best."),
    section("timeline", "Timeline", "timeline", "When each trial ran."),
    trials(facts),
    failures(facts),
  ];
  return {
    html: await page({
      title: facts.name,
      createdBy: facts.createdBy,
      kind: "hyper-parameter study",
      head: head(facts),
      sections: sections.filter((shown) => shown !== undefined),
    }),
    charts: await figures.files(),
  };
}

const show = (value: ParameterValue): string => (typeof value === "number" ? shortNumber(value) : String(value));

const count = (facts: StudyFacts, state: TrialFacts["state"]): number =>
  facts.trials.filter((trial) => trial.state === state).length;

function head(facts: StudyFacts): Html {
  const first = facts.trials.find((trial) => trial.number === facts.best[0]);
  const times = facts.trials.flatMap(({ startedAt, finishedAt }) =>
    startedAt !== null && finishedAt !== null ? [Date.parse(finishedAt) - Date.parse(startedAt)] : [],
  );
  const single = facts.objectives.length === 1;
  const figures = [
    ...(first === undefined
      ? []
      : single
        ? [{ label: `Best ${facts.objectives[0]}`, value: trialMetric(trialValue(first) ?? Number.NaN) }]
        : [{ label: "On the Pareto front", value: whole(facts.best.length) }]),
    { label: "Trials", value: whole(facts.trials.length) },
    ...(["pruned", "fail", "running"] as const).flatMap((state) => {
      const n = count(facts, state);
      return n === 0
        ? []
        : [{ label: state === "fail" ? "Failed" : state === "pruned" ? "Pruned" : "Running", value: whole(n) }];
    }),
    { label: "Hyper-parameters", value: whole(Object.keys(facts.space).length) },
    ...(times.length === 0
      ? []
      : [{ label: "Time in trials", value: duration(times.reduce((sum, time) => sum + time, 0) / 1000) }]),
  ];
  return html`<dl class="headline">${figures.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
${factList(facts.rows)}`;
}

function best(facts: StudyFacts): Section | undefined {
  const trial = facts.trials.find((candidate) => candidate.number === facts.best[0]);
  if (trial === undefined) return undefined;
  const single = facts.objectives.length === 1;
  const parameters = table(
    "Parameters of the trial",
    [{ head: "parameter" }, { head: "value", number: true }],
    Object.entries(trial.params).map(([name, value]) => [name, html`<span class="mono">${String(value)}</span>`]),
  );
  return {
    id: "best",
    title: single ? "The best trial" : "One of the best trials",
    body: html`<p>Trial ${trial.number}${trial.enqueued && ", which was enqueued"}: ${facts.objectives.map((name, i) => `${name} ${trialMetric(trialValue(trial, i) ?? Number.NaN)}`).join(", ")}.</p>
${parameters}
${facts.rebuild !== undefined && html`<p>This command trains it again from these parameters alone and compares every digit:</p>${code("Command", facts.rebuild)}`}`,
  };
}

function trials(facts: StudyFacts): Section {
  const names = Object.keys(facts.space);
  const sign = signOf(facts);
  const loss = (trial: TrialFacts): number =>
    trial.state === "complete" ? sign * (trialValue(trial) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const finished = facts.trials.filter(({ state }) => state === "complete" || state === "pruned");
  const sorted = [...finished].sort((a, b) => loss(a) - loss(b) || a.number - b.number).slice(0, MOST_LISTED);
  const columns = [
    { head: "trial", number: true },
    { head: "state" },
    ...facts.objectives.map((head) => ({ head, number: true })),
    ...names.map((head) => ({ head, number: true })),
  ];
  const rows = sorted.map((trial): Content[] => [
    trial.number,
    trial.enqueued ? `${trial.state}, enqueued` : trial.state,
    ...facts.objectives.map((_, i) => {
      const value = trialValue(trial, i);
      return value === undefined ? "" : trialMetric(value);
    }),
    ...names.map((name) => (Object.hasOwn(trial.params, name) ? show(trial.params[name]!) : "")),
  ]);
  return {
    id: "trials",
    title: "Trials",
    body: html`<p class="muted">The best first${finished.length > MOST_LISTED && `; ${whole(finished.length - MOST_LISTED)} more are in the study`}.</p>
${table("Trials", columns, rows)}`,
  };
}

function failures(facts: StudyFacts): Section | undefined {
  const failed = facts.trials.filter(({ state }) => state === "fail");
  if (failed.length === 0) return undefined;
  return {
    id: "failures",
    title: "Failed trials",
    body: table(
      "Failed trials",
      [{ head: "trial", number: true }, { head: "reason" }],
      failed.slice(0, MOST_LISTED).map(({ number, reason }) => [number, reason ?? "no reason was kept"]),
    ),
  };
}
