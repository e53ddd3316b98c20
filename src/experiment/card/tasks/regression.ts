// Cards of regressions: figures beside those of a constant, actual over expected by tenths, and the worst misses.
import { amount, metric, whole } from "../../../report/format.js";
import { EVALUATION, MOST_FAILURES, number, type TaskCard } from "./task-card.js";

export const regressionCard: TaskCard<"regression"> = {
  figures: ({ targets, split }) => [
    {
      title: `Numbers of ${split}, beside a constant in the model's place`,
      columns: [
        { head: "number" },
        ...["D2", "RMSE", "MAE", "Gini, normalised", "RMSE of the constant", "constant"].map(number),
      ],
      rows: targets.map(({ name, unit, figures, baseline }, i) => ({
        cells: [
          name,
          metric(figures.d2),
          amount(figures.rmse, unit),
          amount(figures.mae, unit),
          figures.normalizedGini === undefined ? "" : metric(figures.normalizedGini),
          amount(baseline.rmse, unit),
          amount(baseline.value, unit),
        ],
        from: [
          `${EVALUATION}/targets/${i}/name`,
          `${EVALUATION}/targets/${i}/figures`,
          `${EVALUATION}/targets/${i}/baseline`,
        ],
      })),
      note:
        "D2 is the share of the constant's deviance that the model explains, negative where the constant is better. The Gini coefficient " +
        "is that of the model's order over that of the perfect order, negative where the order is rather the reverse.",
    },
  ],
  calibration: ({ targets }) =>
    targets.map(({ name, deciles, intervals }, i) => ({
      title: `Actual over expected of ${name}, the lowest predictions first`,
      columns: ["tenth", "rows", "actual", "predicted", "actual over expected", "from", "to"].map(number),
      rows: deciles.map((decile, at) => ({
        cells: [
          whole(decile.number),
          whole(decile.rows),
          amount(decile.actual),
          amount(decile.predicted),
          ...[decile.ratio, decile.low, decile.high].map(metric),
        ],
        from: [`${EVALUATION}/targets/${i}/deciles/${at}`],
      })),
      note: `From and to are the interval of 95 %, ${intervals === "count" ? "of a Poisson count (Garwood)" : "of a ratio of sums (Cochran)"}.`,
    })),
  slices: () => [],
  failures: ({ targets }) => ({
    rows: [],
    tables: targets
      .map(({ name, unit, misses }, i) => ({
        title: `The worst misses of ${name}`,
        columns: [{ head: "file or row" }, number("actual"), number("predicted")],
        rows: misses.slice(0, MOST_FAILURES).map(({ file = "", actual, predicted }, at) => ({
          cells: [file, amount(actual, unit), amount(predicted, unit)],
          from: [`${EVALUATION}/targets/${i}/misses/${at}`],
        })),
      }))
      .filter(({ rows }) => rows.length > 0),
  }),
};
