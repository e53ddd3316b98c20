// "None of these": how well a model tells photos of something else from its own kind, by each measure that its file has limits of.
// `node dist/tools/measure-novelty.js RUN KNOWN OTHER [--count N]` prints the area under the ROC curve of probability, energy and
// distance for images of KNOWN (such as the generated Test folder) against those of OTHER, and the shares that are referred.
import { parseArgs } from "node:util";
import { askedFiles, FeatureReader, openModel, readableImages } from "../src/experiment/models/index.js";
import { taskOf } from "../src/experiment/tasks/index.js";
import {
  atTemperature,
  bankOf,
  type NoveltyMeasures,
  nearestDistance,
  noveltyOf,
} from "../src/experiment/trust/index.js";
import { MOST_ANSWERS } from "../src/formats/models/trust-facts.js";
import { textTable } from "../src/report/text/table.js";
import { betaBinomialBand } from "./beta-binomial.js";

/** The chance that a value of the second list is above one of the first, ties counted half (Mann and Whitney). */
function areaUnderRoc(low: ArrayLike<number>, high: ArrayLike<number>): number {
  const sorted = Float64Array.from(low).sort();
  const below = (value: number, isTied: boolean): number => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (sorted[middle]! < value || (isTied && sorted[middle] === value)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const sum = Array.from(high).reduce((total, value) => total + (below(value, false) + below(value, true)) / 2, 0);
  return sum / (low.length * high.length);
}

const { values, positionals } = parseArgs({ options: { count: { type: "string" } }, allowPositionals: true });
const [run, known, other] = positionals;
if (run === undefined || known === undefined || other === undefined)
  throw new Error("expected RUN KNOWN OTHER: a run and two folders of images");
const most = Number(values.count ?? "1000");
const opened = await openModel(run);
const trust = opened.facts?.trust;
if (trust?.kind !== "classification" || trust.novelty === undefined || opened.task === undefined)
  throw new Error(`${run}: expected a classifier with limits; train it with this version`);
const { novelty, temperature } = trust;
const reader = new FeatureReader(opened.original, opened.model);
const bank = novelty.nearest && bankOf(novelty.nearest);
const record = taskOf(opened.task);
const BATCH = 128;

interface Measured extends NoveltyMeasures {
  readonly images: number;
}

/** Measures of at most so many images of a folder, spread over all of them. */
async function measuresOf(folder: string): Promise<Measured> {
  const all = await askedFiles([folder]);
  const step = Math.max(1, all.length / most);
  const paths = Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor(i * step)]!);
  const [confidence, energy, nearest]: [number[], number[], number[]] = [[], [], []];
  for (let start = 0; start < paths.length; start += BATCH) {
    const some = paths
      .slice(start, start + BATCH)
      .map((file) => (typeof file === "string" ? file : String(file.source)));
    const { x } = await readableImages(opened, some);
    if (x === undefined) continue;
    const outputs = await opened.model.predict(x, { batchSize: BATCH });
    const { width, data } = record.readings(opened.original, outputs);
    const rows = atTemperature(Float64Array.from(data), width, temperature.value);
    for (let at = 0; at < rows.length; at += width) confidence.push(Math.max(...rows.subarray(at, at + width)));
    const seen = await reader.read(x, { batchSize: BATCH }, outputs);
    energy.push(...(seen.energies ?? []));
    if (bank !== undefined)
      nearest.push(...(seen.embeddings ?? []).map((embedding) => nearestDistance(embedding, bank)));
  }
  return {
    images: confidence.length,
    confidence,
    ...(energy.length > 0 && { energy }),
    ...(nearest.length > 0 && { nearest }),
  };
}

const [inside, outside] = [await measuresOf(known), await measuresOf(other)];
const noveltiesOf = (measured: Measured): number[] =>
  Array.from(measured.confidence, (_, n) => noveltyOf(novelty, measured, n));
const doubt = ({ confidence }: NoveltyMeasures): number[] => Array.from(confidence, (p) => -p);
const rows = (
  [
    ["maximum probability", doubt(inside), doubt(outside)],
    ["energy", inside.energy, outside.energy],
    ["distance to the nearest", inside.nearest, outside.nearest],
    ["novelty, the larger of both", noveltiesOf(inside), noveltiesOf(outside)],
  ] as const
).map(([name, a, b]) => [name, a === undefined || b === undefined ? "not measured" : areaUnderRoc(a, b).toFixed(4)]);
const referred = (measured: Measured): string => {
  const count = noveltiesOf(measured).filter((value) => value > novelty.limit).length;
  return `${count} of ${measured.images}`;
};
/** Validation images that the limit was set by. */
const fitted = Math.min(trust.images, MOST_ANSWERS);
const { low, high } = betaBinomialBand(novelty.level, inside.images, fitted);
const expected = `${inside.images - high} to ${inside.images - low}`;
console.log(
  `${textTable([{ head: "measure" }, { head: "area under the ROC curve", align: "right" }], rows)}

Referred as none of these: ${referred(inside)} of ${known}, ${referred(outside)} of ${other}
The limit lets ${100 * novelty.level} % of images like the ${fitted} validation images pass, so that of ${inside.images} such images from ${expected} are referred`,
);
await reader.close();
await opened.model.close();
