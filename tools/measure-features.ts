// Success of feature visualisation with a model: for each convolution, at its activation, the number of channels that
// end at ten times the value of noise, the number of others for which that is impossible by proof, and the share of
// their bound that channels reach.
// Usage: node dist/tools/measure-features.js MODEL [LAYER...], MODEL being a model file or the folder of a run.
import { median } from "../src/experiment/models/benchmark.js";
import { openModel } from "../src/experiment/models/trained-model.js";
import { channelCeilings } from "../src/explain/ceiling.js";
import { firingLayers, visualizeFeatures } from "../src/explain/index.js";
import { Probe } from "../src/explain/probe.js";
import type { Model } from "../src/nn/model/model.js";
import { textTable } from "../src/report/text/table.js";

/** Channels whose pictures are made at once, for the sake of memory. */
const BATCH = 32;
const WANTED = 10;
/** The range of an opened model's pixels. */
const PIXELS = [0, 255] as const;

/** A channel's mean activation for noise and for its picture, and the most that is possible where that is known. */
interface Measured {
  readonly before: number;
  readonly after: number;
  readonly ceiling: number | undefined;
}

/** The bounds of layers that do not look at the pixels themselves, which the pictures come without. */
async function deepCeilings(model: Model, layer: string, targets: readonly number[]) {
  const probe = new Probe(model, layer);
  try {
    return await channelCeilings(probe, targets, PIXELS);
  } finally {
    await probe.close();
  }
}

async function measure(model: Model, layer: string): Promise<Measured[]> {
  const channels = model.getLayer(layer).outputShapes[0]!.at(-1)!;
  const measured: Measured[] = [];
  for (let first = 0; first < channels; first += BATCH) {
    const targets = Array.from({ length: Math.min(BATCH, channels - first) }, (_, i) => first + i);
    const {
      before,
      after,
      ceilings = await deepCeilings(model, layer, targets),
    } = await visualizeFeatures(model, {
      layer,
      targets,
    });
    measured.push(...targets.map((_, i) => ({ before: before[i]!, after: after[i]!, ceiling: ceilings?.[i] })));
  }
  return measured;
}

function row(layer: string, measured: readonly Measured[]): string[] {
  const fire = measured.filter(({ before }) => before > 0);
  const short = fire.filter(({ before, after }) => after < WANTED * before);
  const impossible = short.filter(({ before, ceiling }) => ceiling !== undefined && ceiling < WANTED * before);
  const shares = fire.flatMap(({ after, ceiling }) => (ceiling === undefined ? [] : [after / ceiling]));
  const counts = [measured, fire, { length: fire.length - short.length }, impossible];
  return [
    layer,
    ...counts.map(({ length }) => String(length)),
    String(short.length - impossible.length),
    fire.length === 0 ? "" : median(fire.map(({ before, after }) => after / before)).toFixed(1),
    shares.length === 0 ? "" : `${(100 * median(shares)).toFixed(0)}%`,
  ];
}

const [path, ...asked] = process.argv.slice(2);
if (path === undefined) throw new Error("give a model file or the folder of a run");
const { model } = await openModel(path, { compile: false });
const rows: string[][] = [];
for (const layer of asked.length > 0 ? asked : firingLayers(model)) rows.push(row(layer, await measure(model, layer)));
await model.close();
const heads = ["layer", "channels", "fire for noise", "tenfold", "cannot", "miss", "median times", "of the bound"];
console.log(
  textTable(
    heads.map((head) => ({ head })),
    rows,
  ),
);
