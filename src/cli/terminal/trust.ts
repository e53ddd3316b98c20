// Calibration, coverage and referral of a trained or judged model, in one line each.
import type { Calibration, Evaluated } from "../../experiment/training/index.js";
import { whole } from "../../report/format.js";

const digits = (value: number): string => value.toFixed(4);
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** Lines of a run about what validation fitted, judged on the test images; none for a task without. */
export function trustLines({ trust }: Pick<Evaluated, "trust">, nouns: string): string[] {
  if (trust === undefined) return [];
  const { report } = trust;
  const fitted = `fitted on ${whole(report.images)} validation ${nouns}${report.choseEpoch ? ", which also chose the epoch" : ""}`;
  if (!("temperature" in report))
    return report.targets.flatMap(({ name, intervals }) => {
      const told = intervals.map(
        ({ coverage, covered }) => `${percent(covered.share)} covered with ${percent(coverage)} chosen`,
      );
      return [`Intervals of ${name} on test ${nouns}: ${told.join("; ")} (${fitted})`];
    });
  const { before, after, temperature, refused, thresholds, judged } = report;
  const best = thresholds.find(({ risk, threshold }) => risk === SHOWN && threshold !== undefined);
  const referral =
    best === undefined
      ? `no probability keeps wrong answers at or below ${percent(SHOWN)}; the report has other bounds`
      : `from a probability of ${digits(best.threshold!)} at most ${percent(SHOWN)} of answers are wrong with ${percent(best.confidence)} confidence; ` +
        `that decides ${percent(best.accepted! / judged)} of the test ${nouns}`;
  const calibration =
    refused === undefined
      ? `${digits(before.ece)} before, ${digits(after.ece)} after a temperature of ${temperature.toFixed(3)} (${fitted})`
      : `${digits(before.ece)}; a temperature of ${refused.toFixed(3)} would make the Brier score worse and was not taken (${fitted})`;
  return [`Calibration: expected calibration error ${calibration}`, `Referral: ${referral}`];
}

/** The bound that lines tell of. */
const SHOWN = 0.05;

/** A line about the calibration on judged images. */
export function calibrationLine({ before, after, temperature }: Calibration): string {
  if (after === undefined || temperature === undefined)
    return `Calibration: expected calibration error ${digits(before.ece)}, maximum ${digits(before.mce)}; the model has no temperature`;
  return (
    `Calibration: expected calibration error ${digits(before.ece)} before, ${digits(after.ece)} after a temperature of ` +
    temperature.toFixed(3)
  );
}

/** Calibration as fields of JSON. */
export function calibrationJson({ before, after, temperature }: Calibration): object {
  const figures = after ?? before;
  const { logLoss, brier, ece, adaptiveEce, mce, parts, bins } = figures;
  return {
    ...(temperature === undefined ? {} : { temperature, ece_before: before.ece, log_loss_before: before.logLoss }),
    ...{ ece, adaptive_ece: adaptiveEce, mce, log_loss: logLoss, brier, brier_parts: parts },
    bins: bins.filter(({ count }) => count > 0),
  };
}
