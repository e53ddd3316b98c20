// Precision and recall of the check "targets" of `fovea health`: 5 % of the costs of generated hail photos are
// multiplied or divided by ten by a label journal, as by a slipped decimal point. Medians of three seeds.
//
//   node dist/tools/measure-targets.js FOLDER [BASE]     of `fovea synth hail --out FOLDER`; BASE: a name, none, or weights
import { join } from "node:path";
import { Random, STREAM } from "../src/core/random.js";
import { lookAtImages } from "../src/data/health/looks.js";
import { openSource } from "../src/data/index.js";
import { subjectOfLooks } from "../src/experiment/health/subject.js";
import { judgeTargets } from "../src/experiment/health/targets.js";
import type { JournalEntry } from "../src/experiment/journal/entries.js";
import { median } from "../src/experiment/models/benchmark.js";

const RATE = 0.05;
const FACTOR = 10;

const [, , folder, base] = process.argv;
if (folder === undefined) throw new Error("usage: node dist/tools/measure-targets.js FOLDER [BASE]");
const opened = await openSource(join(folder, "manifest.csv"));
const { cost: costColumn } = opened.listing.columns;
if (costColumn === undefined) throw new Error(`${folder}: its manifest has no column cost`);
const source = { ...opened, listing: { ...opened.listing, columns: { cost: costColumn } } };
const looks = await lookAtImages(source.listing);
const clean = subjectOfLooks(source, looks);
const costs = clean.images.map(({ label }) => (label as Readonly<Record<string, number>>).cost!);
const damaged = costs.flatMap((cost, index) => (cost > 0 ? [index] : []));
const found: Record<string, number[]> = { precision: [], recall: [], false: [] };
for (const seed of [1, 2, 3]) {
  const random = new Random(seed, STREAM.user);
  const order = random.shuffle([...damaged]).slice(0, Math.round(RATE * costs.length));
  const planted = new Set(order);
  const entries = order.map((index): JournalEntry => {
    const to = random.uniform() < 0.5 ? costs[index]! * FACTOR : costs[index]! / FACTOR;
    const { file } = clean.images[index]!;
    return {
      image: looks.hashes[index]!,
      file,
      from: { cost: costs[index]! },
      to: { cost: to },
      when: "2024-01-01T00:00:00Z",
    };
  });
  const journal = { where: "errors", entries, isTorn: false };
  const began = performance.now();
  const judged = await judgeTargets(subjectOfLooks(source, looks, { journal, seed, base }));
  const seconds = (performance.now() - began) / 1000;
  const suspects = judged?.suspects ?? [];
  const caught = suspects.filter(({ image }) => planted.has(image)).length;
  found.precision!.push(suspects.length === 0 ? 0 : caught / suspects.length);
  found.recall!.push(caught / planted.size);
  found.false!.push(suspects.length - caught);
  console.log(
    `  seed ${seed}: ${planted.size} of ${costs.length} costs wrong, ${suspects.length} named, ${caught} of them wrong; ` +
      `base ${judged?.base}; ${seconds.toFixed(0)} s`,
  );
}
console.log(
  `of the wrong costs ${(100 * median(found.recall!)).toFixed(0)} % are named, and ${(100 * median(found.precision!)).toFixed(0)} % of those ` +
    `named are wrong (${median(found.false!)} right ones)`,
);
