// Quality of the model: figures with intervals, calibration and referral, figures of parts of the test data, failures.
import { ownValue } from "../../../core/lookup.js";
import type { RunMetrics } from "../../../formats/run/metrics.js";
import { isOfTable } from "../../../formats/run/recipe.js";
import { shellWord } from "../../../platform/invocation.js";
import type { CardRow, CardTable } from "../../../report/card-facts.js";
import { amount, metric, percent, whole } from "../../../report/format.js";
import { taskOf } from "../../tasks/index.js";
import { LOSS_MONITOR } from "../../tasks/task.js";
import { type RunRecord, SLICES_FILE } from "../record.js";
import { known, open, pointerKey, type Topic } from "../rows.js";
import { taskBodies } from "../tasks/index.js";
import { MOST_SLICES, number } from "../tasks/task-card.js";

/** A figure as a metric; amounts of thousands without decimals. */
const rounded = (value: number): string => {
  const size = Math.abs(value);
  return size >= 1000 && size < 1e6 ? amount(value) : metric(value);
};

/** Loss and metrics of each part, with intervals where the run has them. */
function metricsTable({ facts: { metrics }, metrics: { parts }, recipe: { task } }: RunRecord): CardTable {
  const keys = [...new Set(metrics.flatMap(({ values }) => Object.keys(values)))];
  const titles = new Map([LOSS_MONITOR, ...taskOf(task).monitors(task)].map(({ key, title }) => [key, title]));
  // The figure over that of the perfect order, which the table of numbers has as well.
  titles.set("gini", "Gini, normalised");
  const told = ({ values, intervals = {} }: (typeof metrics)[number], key: string): string => {
    const value = ownValue(values, key);
    const interval = ownValue(intervals, key);
    if (value === undefined) return "";
    return interval === undefined
      ? rounded(value)
      : `${rounded(value)} (${rounded(interval[0])} to ${rounded(interval[1])})`;
  };
  return {
    title: "Loss and metrics of each part",
    columns: [{ head: "figure" }, ...metrics.map(({ split }) => number(split))],
    rows: keys.map((key) => ({
      cells: [titles.get(key) ?? key, ...metrics.map((part) => told(part, key))],
      from: metrics.flatMap(({ values, intervals = {} }, i) => {
        const at = `facts.json#/facts/metrics/${i}`;
        return [
          ...(ownValue(values, key) === undefined ? [] : [`${at}/values/${pointerKey(key)}`]),
          ...(ownValue(intervals, key) === undefined ? [] : [`${at}/intervals/${pointerKey(key)}`]),
        ];
      }),
    })),
    note: `In brackets stands the interval of 95 %, where a figure has one.${
      parts?.val.chooses_epoch === false ? "" : " Validation chose the epoch, so it is no test."
    }`,
  };
}

export const metricsTopic: Topic = (record) => {
  const { metrics, facts } = record;
  const { baseline } = metrics;
  const answer = baseline?.class ?? (baseline?.prediction === undefined ? undefined : amount(baseline.prediction));
  return {
    rows:
      baseline === undefined
        ? []
        : [
            known("Best answer without a look at the data", answer ?? "", "metrics.json#/baseline"),
            known("Figure of that answer on Test", rounded(baseline.test), "metrics.json#/baseline/test"),
          ],
    tables: [...(facts.metrics.length > 0 ? [metricsTable(record)] : []), ...(taskBodies(record)?.figures ?? [])],
  };
};

type Calibration = NonNullable<RunMetrics["calibration"]>;

const CALIBRATION_ROWS: readonly (readonly [title: string, key: "log_loss" | "ece" | "mce" | "brier"])[] = [
  ["Log loss", "log_loss"],
  ["Expected calibration error (ECE)", "ece"],
  ["Maximum calibration error (MCE)", "mce"],
  ["Brier score", "brier"],
];

/** Calibration before and after the temperature. */
const calibrationTable = ({ before, after }: Calibration): CardTable => ({
  title: "Calibration on Test",
  columns: [{ head: "figure" }, number("as the model gives them"), number("at the temperature")],
  rows: CALIBRATION_ROWS.map(([title, key]) => ({
    cells: [title, metric(before[key]), metric(after[key])],
    from: [`metrics.json#/calibration/before/${key}`, `metrics.json#/calibration/after/${key}`],
  })),
});

/** Methods of sets and intervals in words. */
const METHOD_WORDS: Readonly<Record<string, string>> = {
  lac: "sets by probability (LAC)",
  "lac per class": "the same, each class by itself",
  aps: "sets by summed probability (APS)",
  raps: "the same with a penalty on size (RAPS)",
  absolute: "ranges of one width",
  relative: "ranges as wide as the number is large",
};

/** Coverage beside the chosen one, by its interval. */
const verdictOf = (nominal: number, [low = 0, high = 1]: readonly number[]): string =>
  high < nominal ? "below" : low > nominal ? "above" : "as asked";

/** Coverage of sets of classes, or of intervals of numbers. */
const coverageTable = (coverage: NonNullable<RunMetrics["coverage"]>): CardTable => ({
  title: "Coverage of conformal sets and ranges on Test",
  columns: [
    { head: "method" },
    ...["asked for", "covered", "mean size or width"].map(number),
    { head: "beside the chosen one" },
  ],
  note: coverage.some(({ mean_size: size }) => size !== undefined)
    ? "Sets are fitted on validation so that they contain the true class as often as chosen, among images like those of validation: " +
      "below on Test says that Test is unlike them. Where a class has too few validation images, its sets always hold it."
    : "Ranges are fitted on validation so that they contain the true number as often as chosen, among samples like those of " +
      "validation: below on Test says that Test is unlike them.",
  rows: coverage.map(({ target, method, nominal, covered, interval, mean_size: size, mean_width: width }, i) => ({
    cells: [
      [target, METHOD_WORDS[method] ?? method].filter((word) => word !== undefined).join(": "),
      percent(nominal),
      `${percent(covered)} (${interval.map((edge) => percent(edge)).join(" to ")})`,
      size !== undefined ? size.toFixed(2) : width === undefined || Number.isNaN(width) ? "" : amount(width),
      verdictOf(nominal, interval),
    ],
    from: [`metrics.json#/coverage/${i}`],
  })),
});

/** Thresholds below which a person looks. */
const referralTable = ({ thresholds }: NonNullable<RunMetrics["referral"]>): CardTable => ({
  title: "Referral: probabilities below which a person looks",
  columns: ["wrong at most", "with confidence", "probability from", "accepted on Test", "wrong of them"].map(number),
  rows: thresholds.map(({ risk, confidence, threshold, accepted, wrong }, i) => ({
    cells: [
      percent(risk),
      percent(confidence),
      threshold === null ? "none keeps it" : metric(threshold),
      whole(accepted),
      whole(wrong),
    ],
    from: [`metrics.json#/referral/thresholds/${i}`],
  })),
});

export const calibrationTopic: Topic = (record) => {
  const { calibration, coverage, referral } = record.metrics;
  const ofTask = taskBodies(record)?.calibration ?? [];
  const tables = [
    ...(calibration === undefined ? [] : [calibrationTable(calibration)]),
    ...ofTask,
    ...(coverage === undefined || coverage.length === 0 ? [] : [coverageTable(coverage)]),
    ...(referral === undefined || referral.thresholds.length === 0 ? [] : [referralTable(referral)]),
  ];
  const rows = [
    ...(calibration === undefined
      ? []
      : [
          known("Temperature", metric(calibration.temperature), "metrics.json#/calibration/temperature"),
          known(
            "Validation images that the temperature was fitted on",
            `${whole(calibration.fitted_on.images)}${calibration.fitted_on.chose_epoch ? ", which also chose the epoch" : ""}`,
            "metrics.json#/calibration/fitted_on/images",
          ),
        ]),
    ...(referral === undefined
      ? []
      : [known("Area under the risk-coverage curve", metric(referral.aurc), "metrics.json#/referral/aurc")]),
  ];
  if (rows.length + tables.length > 0) return { rows, tables };
  const { sureness, model } = taskOf(record.recipe.task);
  const title = "Calibration";
  if (sureness === undefined)
    return {
      rows: [
        known(
          title,
          `does not apply: it compares probabilities of classes, and this is a ${model}`,
          "recipe.json#/task/kind",
        ),
      ],
    };
  return { rows: [open(title, "this run has no figures of it")] };
};

/** Slices that an evaluation compared, the worst first. */
function slicesTable({ facts, from }: NonNullable<RunRecord["slices"]>): CardTable {
  const { figure, isShare, rows } = facts;
  const told = (value: number): string => (isShare ? percent(value) : amount(value));
  return {
    title: "Slices, the worst first",
    columns: [
      { head: "slice of" },
      { head: "value" },
      ...["images", figure, "adjusted p"].map(number),
      { head: "worse" },
    ],
    rows: rows.slice(0, MOST_SLICES).map((row, i) => ({
      cells: [
        row.attribute,
        row.value,
        whole(row.images),
        row.low === undefined || row.high === undefined
          ? told(row.figure)
          : `${told(row.figure)} (${told(row.low)} to ${told(row.high)})`,
        metric(row.adjusted),
        row.isWorse ? "more than by chance" : "",
      ],
      from: [`${from}/rows/${i}`],
    })),
    note: "In brackets the interval of 95 %; p with all slices counted (Benjamini and Hochberg).",
  };
}

/** Rows on slices and on groups of people, and the commands for those that were not compared. */
function slicesRows({ slices, recipe, path, command }: RunRecord): CardRow[] {
  const title = "Slices by columns, size, brightness, camera and time";
  if (isOfTable(recipe.preprocessing))
    return [open(title, "slices are compared among images, and these are rows of a table")];
  // A folder that parts were split off has images that the model has seen.
  const { test } = recipe.data;
  const images = test === undefined ? "UNSEEN-IMAGES" : shellWord(test.path);
  const into = `--json > ${shellWord(`${path}/slices.json`)}`;
  const { comparison, undecided } = taskOf(recipe.task);
  const flags = comparison === undefined ? ["--slices", "--fairness"] : ["--groups"];
  const groups = "Fairness between groups of people";
  const fairness =
    comparison === undefined && undecided !== undefined
      ? known(groups, `compares classes or labels, and ${undecided}`, "recipe.json#/task/kind")
      : open(groups, `run ${command("evaluate", images, ...flags, "COLUMN", into)}`);
  if (slices === undefined) return [open(title, `run ${command("evaluate", images, "--slices", into)}`), fairness];
  const { facts, from, warnings } = slices;
  const { figure, whole: all, isShare, images: count, fairness: compared } = facts;
  return [
    ...warnings.map((warning, i) => open("Warning of the evaluation", warning, `${SLICES_FILE}#/warnings/${i}`)),
    known(`Images compared by ${figure}`, whole(count), `${from}/images`, `${from}/figure`),
    known(`Over all of them: ${figure}`, isShare ? percent(all) : amount(all), `${from}/whole`),
    ...(compared === undefined
      ? [fairness]
      : [
          known("Groups compared by", compared.attribute, `${from}/fairness/attribute`),
          known(
            "Largest difference in how often an answer is given (demographic parity)",
            percent(compared.parityGap),
            `${from}/fairness/parityGap`,
          ),
          known(
            "Largest difference in how often a class is found (equal opportunity)",
            percent(compared.opportunityGap),
            `${from}/fairness/opportunityGap`,
          ),
        ]),
  ];
}

export const slicesTopic: Topic = (record) => ({
  rows: slicesRows(record),
  tables: [
    ...(taskBodies(record)?.slices ?? []),
    ...(record.slices === undefined || record.slices.facts.rows.length === 0 ? [] : [slicesTable(record.slices)]),
  ],
});

export const failuresTopic: Topic = (record) =>
  taskBodies(record)?.failures ?? { rows: [open("Failures", "this run has no evaluation")] };
