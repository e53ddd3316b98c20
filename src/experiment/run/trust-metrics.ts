// The trust in a model as fields of metrics.json.
import type { RunMetrics } from "../../formats/run/metrics.js";
import type { CalibrationFacts, TrustReport } from "../../report/trust-facts.js";

const figures = ({ logLoss, brier, ece, adaptiveEce, mce, parts }: CalibrationFacts) => ({
  log_loss: logLoss,
  brier,
  ece,
  adaptive_ece: adaptiveEce,
  mce,
  brier_parts: { ...parts },
});

/** Calibration, sets and referral on the test images. */
export function trustMetrics(report: TrustReport): Pick<RunMetrics, "calibration" | "referral" | "coverage"> {
  const fitted = { images: report.images, chose_epoch: report.choseEpoch };
  if (!("temperature" in report))
    return {
      coverage: report.targets.flatMap(({ name, intervals }) =>
        intervals.map(({ coverage, covered, meanWidth }) => ({
          target: name,
          method: report.method,
          nominal: coverage,
          covered: covered.share,
          interval: [covered.low, covered.high],
          mean_width: meanWidth,
        })),
      ),
    };
  const { curve, thresholds, costs, sets } = report;
  return {
    calibration: {
      temperature: report.temperature,
      fitted_on: fitted,
      before: figures(report.before),
      after: figures(report.after),
    },
    coverage: sets.map(({ method, perClass, coverage, covered, meanSize }) => ({
      method: perClass ? `${method} per class` : method,
      nominal: coverage,
      covered: covered.share,
      interval: [covered.low, covered.high],
      mean_size: meanSize,
    })),
    referral: {
      aurc: curve.area,
      thresholds: thresholds.map(({ threshold, accepted, wrong, ...asked }) => ({
        ...asked,
        threshold: threshold ?? null,
        accepted: accepted ?? 0,
        wrong: wrong ?? 0,
      })),
      costs: {
        mistake: costs.mistake,
        look: costs.look,
        per_image: costs.rules.map(({ threshold, cost }) => ({ rule: threshold ?? "least expected cost", cost })),
      },
      ...(report.novelty && { none_of_these: { ...report.novelty, measures: [...report.novelty.measures] } }),
    },
  };
}
