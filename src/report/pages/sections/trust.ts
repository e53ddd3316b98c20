// The trust in a model's answers, on its page: calibration with its diagram, sets or intervals, and what a person
// should look at.
import { type ByKind, byKind } from "../../../core/by-kind.js";
import type { Chart } from "../../charts/render.js";
import { reliabilityChart } from "../../charts/trust/reliability.js";
import { riskCoverageChart } from "../../charts/trust/risk-coverage.js";
import { amount, metric, percent, whole } from "../../format.js";
import type {
  CalibrationFacts,
  ClassTrustReport,
  NumberTrustReport,
  ShareFacts,
  TrustReport,
} from "../../trust-facts.js";
import { type Html, html } from "../html.js";
import { className, type Figures, type Section, table } from "../parts.js";

/** Charts of the trust in a model. @param nouns word for the samples */
export const trustCharts = (trust: TrustReport | undefined, nouns: string): Chart[] =>
  trust === undefined ? [] : byKind(CHARTS, trust, nouns);

const CHARTS: ByKind<TrustReport, Chart[], [nouns: string]> = {
  classification: (trust, nouns) => [reliabilityChart(trust, nouns), riskCoverageChart(trust)],
  regression: () => [],
};

/** Its sections; none for a run without. */
export function trustSections(trust: TrustReport | undefined, figures: Figures, nouns: string): Section[] {
  return trust === undefined ? [] : byKind(SECTIONS, trust, figures, nouns);
}

const SECTIONS: ByKind<TrustReport, Section[], [figures: Figures, nouns: string]> = {
  classification: (trust, figures, nouns) => [
    { id: "calibration", title: "Calibration", body: calibrationBody(trust, figures, nouns) },
    { id: "sets", title: "Sets", body: setsBody(trust, nouns) },
    { id: "referral", title: "Referral", body: referralBody(trust, figures, nouns) },
  ],
  regression: (trust, _figures, nouns) => [{ id: "intervals", title: "Intervals", body: intervalsBody(trust, nouns) }],
};

const number = (head: string) => ({ head, number: true });

/** The sentence about what was fitted, and on what. */
const fittedOn = ({ images, choseEpoch }: TrustReport, nouns: string): Html =>
  html`fitted on the ${whole(images)} validation ${nouns}${choseEpoch && html`, which also chose the epoch: on new ${nouns} the model may be a little surer than it is right`}`;

const ranged = ({ share, low, high }: ShareFacts): Html =>
  html`${percent(share)}<br><small class="muted">${percent(low)} to ${percent(high)}</small>`;

const CALIBRATION_ROWS: readonly (readonly [title: string, value: (facts: CalibrationFacts) => number])[] = [
  ["Log loss", ({ logLoss }) => logLoss],
  ["Expected calibration error (ECE), 15 bins", ({ ece }) => ece],
  ["Adaptive ECE, bins of as many answers", ({ adaptiveEce }) => adaptiveEce],
  ["Maximum calibration error (MCE)", ({ mce }) => mce],
  ["Brier score of all classes", ({ brier }) => brier],
  ["Brier score of the most probable class", ({ parts }) => parts.score],
  ["of it reliability (0 at best)", ({ parts }) => parts.reliability],
  ["less resolution", ({ parts }) => parts.resolution],
  ["plus uncertainty", ({ parts }) => parts.uncertainty],
  ["plus differences within bins", ({ parts }) => parts.within],
];

function calibrationBody(trust: ClassTrustReport, figures: Figures, nouns: string): Html {
  const { before, after, temperature, refused, split, judged } = trust;
  const bins = after.bins.filter(({ count }) => count > 0);
  return html`<p>Probabilities are those at a temperature of ${temperature.toFixed(3)}, ${fittedOn(trust, nouns)}. A temperature changes no decision.${refused !== undefined && ` One of ${refused.toFixed(3)} has less log loss, but a worse Brier score on validation, so it was not taken.`} Figures are of the ${whole(judged)} ${nouns} of ${className(split)}.</p>
<div class="charts">${figures.show("trust-reliability")}</div>
${table(
  "Calibration before and after the temperature",
  [{ head: "figure" }, number("as the model gives them"), number("calibrated")],
  CALIBRATION_ROWS.map(([title, value]) => [title, metric(value(before)), metric(value(after))]),
)}
<h3>Bins of the calibrated confidence</h3>
${table(
  "Bins of the calibrated confidence",
  [number("above"), number("up to"), number(nouns), number("right"), number("mean confidence"), number("accuracy")],
  bins.map(({ from, to, count, right, confidence, accuracy }) => [
    ...[from, to].map((edge) => percent(edge)),
    ...[count, right].map(whole),
    ...[confidence, accuracy].map((value) => value.toFixed(3)),
  ]),
)}`;
}

function setsBody(trust: ClassTrustReport, nouns: string): Html {
  return html`<p>Classes that cannot be ruled out, in place of one class. Among new ${nouns} like the validation ${nouns} as many sets hold the true class as the coverage says. Limits are ${fittedOn(trust, nouns)}. <span class="mono">fovea predict --coverage 0.95</span> gives them.</p>
${table(
  "Coverage and size of sets",
  [
    { head: "method" },
    number("chosen coverage"),
    number("coverage on the test part"),
    number("mean size"),
    number("one class"),
    number("no class"),
  ],
  trust.sets.map(({ method, perClass, coverage, covered, meanSize, single, empty }) => [
    `${method.toUpperCase()}${perClass ? " per class" : ""}`,
    percent(coverage),
    ranged(covered),
    meanSize.toFixed(2),
    percent(single),
    percent(empty),
  ]),
)}
<p class="muted">LAC makes the smallest sets, APS and RAPS larger ones for hard ${nouns}; per class the coverage holds in each class, which takes 19 validation ${nouns} of each for 95 %: where there are fewer, sets hold the class always. A set may be empty: then no class fits. Below a coverage stands its interval of 95 %.</p>`;
}

function referralBody(trust: ClassTrustReport, figures: Figures, nouns: string): Html {
  const { thresholds, costs, novelty, judged } = trust;
  return html`<p>Which ${nouns} a person should look at. Thresholds are ${fittedOn(trust, nouns)}.</p>
<div class="charts">${figures.show("trust-risk")}</div>
<h3>Thresholds that keep a bound</h3>
${table(
  "Thresholds with a bound on wrong answers",
  [
    number("wrong among the accepted, at most"),
    number("with confidence"),
    number("probability from"),
    number("accepted"),
    number("wrong of them"),
  ],
  thresholds.map(({ risk, confidence, threshold, accepted = 0, wrong = 0 }) => [
    percent(risk),
    percent(confidence),
    ...(threshold === undefined
      ? ["none keeps it", "", ""]
      : [
          threshold.toFixed(4),
          `${whole(accepted)} (${percent(accepted / judged)})`,
          `${whole(wrong)}${accepted === 0 ? "" : ` (${percent(wrong / accepted)})`}`,
        ]),
  ]),
)}
<p class="muted"><span class="mono">fovea predict --refer-above 0.02</span> refers what is below the third line's probability.</p>
<h3>What it costs</h3>
<p>Per ${nouns === "rows" ? "row" : "image"} of the test part, where a mistake costs ${costs.mistake} and a look by a person ${costs.look}; <span class="mono">fovea predict --costs costs.csv</span> decides by your own.</p>
${table(
  "Costs of ways to decide",
  [{ head: "a person looks" }, number("looks"), number("mistakes"), number("mean cost")],
  costs.rules.map(({ threshold, referred, wrong, cost }) => [
    threshold === undefined ? "where that costs least on average" : `below a probability of ${threshold}`,
    ...[referred, wrong].map(whole),
    cost.toFixed(3),
  ]),
)}
${
  novelty &&
  html`<h3>None of these</h3>
<p>By ${novelty.measures.join(" and ")}, ${whole(novelty.referred)} of ${whole(novelty.judged)} test ${nouns} are less like the training ${nouns} than ${percent(novelty.level)} of the validation ones, and are referred. Of as many ${nouns} like the validation ones, ${whole((1 - novelty.level) * novelty.judged)} would be: the limit refers ${percent(1 - novelty.level)} of ordinary ${nouns} as well.</p>`
}`;
}

function intervalsBody(trust: NumberTrustReport, nouns: string): Html {
  const { targets, method, judged, split } = trust;
  const how = method === "relative" ? "as wide as the prediction is large" : "of one width, in the unit of the number";
  return html`<p>Ranges around predictions that hold the true number as often as asked for, ${fittedOn(trust, nouns)}; ${how}. Judged on the ${whole(judged)} ${nouns} of ${className(split)}; <span class="mono">fovea predict --coverage 0.9</span> gives them.</p>
${table(
  "Coverage and width of intervals",
  [
    { head: "number" },
    number("chosen coverage"),
    number("coverage on the test part"),
    number("mean width"),
    number("median width"),
  ],
  targets.flatMap(({ name, intervals }) =>
    intervals.map(({ coverage, covered, meanWidth, medianWidth }) => [
      className(name),
      percent(coverage),
      ranged(covered),
      ...[meanWidth, medianWidth].map((width) => (Number.isFinite(width) ? amount(width) : "any")),
    ]),
  ),
)}`;
}
