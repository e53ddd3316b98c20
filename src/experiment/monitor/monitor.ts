// Watches a model at work: are the images, the answers and what the network sees still those that it was tested on? All tests
// are counted together, so that alarms where nothing has changed come as rarely as was asked for.
import { defined } from "../../core/defined.js";
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import { benjaminiHochberg, populationStability, wilsonInterval } from "../../core/statistics/index.js";
import { VERSION } from "../../core/version.js";
import { extensionOf } from "../../platform/paths.js";
import type { DriftNumbersFacts, DriftTestFacts, MonitorFacts } from "../../report/monitor-facts.js";
import { openAny } from "../models/index.js";
import { RunFolder } from "../run/index.js";
import { PHOTO_MEASURES, type Signals } from "../signals/index.js";
import { type CurrentOptions, currentOfImages, currentOfLog } from "./current.js";
import { type DriftTest, driftTests } from "./drift-tests.js";
import { referenceFor } from "./reference.js";
import { alignedCounts } from "./words.js";

/** Options of `monitorRun`. */
export interface MonitorOptions extends CurrentOptions {
  /** Probability of any alarm where nothing has changed, above 0 and up to 0.5. Default 0.01. */
  readonly falseAlarms?: number | undefined;
  /** Seed of permutations. Default 0. */
  readonly seed?: number | undefined;
}

/** Probability of a false alarm that is usual. */
export const USUAL_FALSE_ALARMS = 0.01;
const OPTIONS = ["falseAlarms", "seed", "labels", "since", "last", "threads", "onProgress"];

/**
 * Tells a decision log from images by its name.
 * @param path A path.
 * @example isDecisionLog("decisions.jsonl"); // true
 */
export const isDecisionLog = (path: string): boolean => extensionOf(path).toLowerCase() === ".jsonl";

/**
 * Compares new images, or the decisions of a log, with the test images of a run.
 * @param run the folder of a run
 * @param source a folder of images, a manifest, an archive, or a decision log (`.jsonl`)
 * @param options.falseAlarms probability of any alarm where nothing has changed (Benjamini-Hochberg over all tests)
 * @throws FoveaError for a run without a reference whose images are gone, and for fewer than 20 answers
 * @example (await monitorRun("runs/pets", "pets")).tests.filter(({ isAlarm }) => isAlarm); // []: the photos are the run's
 */
export async function monitorRun(run: string, source: string, options: MonitorOptions = {}): Promise<MonitorFacts> {
  checkOptions("monitorRun", options, OPTIONS);
  const { falseAlarms = USUAL_FALSE_ALARMS, seed = 0, ...asking } = options;
  numberWithin("monitorRun falseAlarms", falseAlarms, Number.MIN_VALUE, 0.5);
  wholeNumber("monitorRun seed", seed, 0);
  const folder = await RunFolder.open(run);
  const opened = await openAny(run, { compile: "objective", ...defined({ threads: asking.threads }) });
  try {
    const { part, signals: before } = await referenceFor(folder, opened, asking.threads);
    const current = isDecisionLog(source)
      ? await currentOfLog(source, opened, asking)
      : await currentOfImages(source, opened, asking);
    const { signals: now, failed, notes } = current;
    return {
      ...{ run, source, part, failed, notes, createdBy: `Fovea ${VERSION}` },
      ...{ reference: before.images, images: now.images, level: falseAlarms },
      tests: judged(driftTests(before, now, seed), falseAlarms),
      ...sharesOf(before, now),
      numbers: numbersOf(before, now),
      ...accuracyOf(now),
    };
  } finally {
    await opened.model.close();
  }
}

/** Tests with what their number makes of their probabilities. */
function judged(tests: readonly DriftTest[], level: number): DriftTestFacts[] {
  const adjusted = benjaminiHochberg(tests.map(({ p }) => p));
  return tests.map((test, at) => ({ ...test, adjusted: adjusted[at]!, isAlarm: adjusted[at]! <= level }));
}

function sharesOf(
  { predictions: was }: Signals,
  { predictions: is }: Signals,
): Pick<MonitorFacts, "shares" | "stability"> {
  if (was.kind === "numbers" || is.kind === "numbers") return { shares: [] };
  const { names, a, b } = alignedCounts(was, is);
  const shares = names.map((name, at) => ({ name, before: a[at]!, now: b[at]! }));
  return was.kind === "classes" ? { shares, stability: populationStability(a, b) } : { shares };
}

const TITLES = { brightness: "Brightness", contrast: "Contrast", sharpness: "Sharpness", pixels: "Pixels" } as const;

function numbersOf(before: Signals, now: Signals): DriftNumbersFacts[] {
  const [was, is] = [before.predictions, now.predictions];
  const predictions =
    was.kind === "classes" && is.kind === "classes"
      ? [{ name: "confidence", title: "Confidence", before: was.confidence, now: is.confidence }]
      : was.kind === "numbers" && is.kind === "numbers"
        ? was.names.map((name, at) => ({
            ...{ name: `prediction-${at + 1}`, title: `Prediction of ${name}` },
            ...{ before: was.values[at]!, now: is.values[is.names.indexOf(name)] ?? [] },
          }))
        : [];
  const [photos, others] = [before.photos, now.photos];
  const looks =
    photos === undefined || others === undefined
      ? []
      : PHOTO_MEASURES.map((name) => ({ name, title: TITLES[name], before: photos[name], now: others[name] }));
  return [...predictions, ...looks];
}

function accuracyOf({ truths }: Signals): Pick<MonitorFacts, "accuracy"> {
  if (truths?.kind !== "rights") return {};
  return { accuracy: { ...wilsonInterval(truths.right, truths.total), images: truths.total } };
}
