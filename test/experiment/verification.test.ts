// Pairs of images, intervals over identities, and a validation by figures of the whole part.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { defined } from "../../src/core/defined.js";
import { tensor } from "../../src/core/tensor.js";
import { writeWriters } from "../../src/data/index.js";
import { closeData, findData, loadData } from "../../src/experiment/data/index.js";
import { findJournal, openJournal, relabel } from "../../src/experiment/journal/index.js";
import {
  cosineOf,
  errorsAt,
  figureIntervals,
  pairsOf,
  verificationFigures,
} from "../../src/experiment/tasks/scores/verification/index.js";
import { sequential } from "../../src/index.js";
import { cosineDense, dense, input, unitNormalization } from "../../src/nn/layers/index.js";
import { arcFace } from "../../src/nn/losses/index.js";
import { modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";

/** Identities of `people` people with `each` images. */
const identitiesOf = (people: number, each: number): Int32Array =>
  Int32Array.from({ length: people * each }, (_, row) => Math.floor(row / each));

test("all pairs are taken up to a bound, and beyond it a sample without repetition", () => {
  const identities = identitiesOf(6, 5);
  const all = pairsOf(identities);
  assert.equal(all.first.length, (30 * 29) / 2);
  assert.equal(all.same.filter((same) => same === 1).length, 6 * 10);
  const some = pairsOf(identities, 40);
  assert.deepEqual([some.first.length, some.same.filter((same) => same === 1).length], [80, 40]);
  const keys = Array.from(some.first, (a, at) => `${a} ${some.second[at]}`);
  assert.equal(new Set(keys).size, 80);
  for (const [at, a] of some.first.entries()) {
    assert.ok(a < some.second[at]!);
    assert.equal(some.same[at], Number(identities[a] === identities[some.second[at]!]));
  }
  assert.deepEqual(some, pairsOf(identities, 40), "the same ones each time");
});

test("intervals draw identities, so that more images of the same people do not narrow them", () => {
  const widthOf = (each: number): number => {
    const identities = identitiesOf(8, each);
    const { first, second, same } = pairsOf(identities);
    // A person's images are all alike, and some people resemble one another.
    const position = (row: number): number => (identities[row]! * 37) % 11;
    const scores = Float64Array.from(first, (a, at) =>
      same[at] === 1 ? 0.6 + position(a) / 40 : 0.8 - Math.abs(position(a) - position(second[at]!)) / 10,
    );
    const sides = [first, second].map((side) => side.map((row) => identities[row]!)) as [Int32Array, Int32Array];
    const pairs = { scores, same, first: sides[0], second: sides[1] };
    const { eer } = figureIntervals(pairs, 0.7);
    assert.ok(verificationFigures(pairs, 0.7).eer! >= eer!.low && verificationFigures(pairs, 0.7).eer! <= eer!.high);
    return eer!.high - eer!.low;
  };
  const [few, many] = [widthOf(2), widthOf(6)];
  assert.ok(many > 0.5 * few, `${many} beside ${few}`);
});

test("errors at a threshold, and cosines", () => {
  const pairs = { scores: [0.9, 0.2, 0.8, 0.1], same: [1, 1, 0, 0] };
  assert.deepEqual(errorsAt(pairs, 0.8), { falseAcceptance: 0.5, falseRejection: 0.5 });
  assert.ok(Math.abs(cosineOf([3, 4], [4, 3]) - 0.96) < 1e-15);
  assert.equal(cosineOf([0, 0], [4, 3]), 0);
});

test("a model is fitted by ArcFace and validated by figures of its own; the layer of cosines is read from a file", async () => {
  const model = sequential([input([4]), dense(3), unitNormalization(), cosineDense(2, { name: "identities" })], {
    seed: 1,
  });
  const again = modelFromKeras(JSON.parse(JSON.stringify(modelToKeras(model))), {});
  assert.equal(again.getLayer("identities").className, "CosineDense");
  await again.close();
  model.compile({ optimizer: "adam", loss: arcFace({ margin: 0.2, scale: 8 }) });
  const x = tensor([1, 0, 0, 0, 0.9, 0.1, 0, 0, 0, 0, 1, 0, 0, 0, 0.9, 0.2], [4, 4], "float32");
  const y = tensor([0, 0, 1, 1], [4], "int32");
  let epoch = 0;
  const validate = { directions: { eer: "down" }, measure: async () => ({ eer: 1 / ++epoch }) } as const;
  const { history } = await model.fit({ x, y }, { epochs: 3, validate });
  assert.deepEqual(Object.keys(history).sort(), ["loss", "val_eer"]);
  assert.deepEqual(history.val_eer, [1, 1 / 2, 1 / 3]);
  assert.ok(history.loss![2]! < history.loss![0]!);
  const spoiled = { directions: { eer: "down" }, measure: async () => ({ eer: Number.NaN }) } as const;
  await assert.rejects(
    model.fit({ x, y }, { validate: spoiled }),
    /the loss of the validation became NaN after epoch 1/,
  );
  await assert.rejects(model.fit({ x, y }, { validate, validationSplit: 0.5 }), /validate replaces validationData/);
  await assert.rejects(model.fit({ x, y: tensor([0, 0, 1, 2], [4], "int32") }, {}), /identities from 0 to 1/);
  await model.close();
});

test("a label journal moves images between the identities of a part", async (t) => {
  const path = join(mkdtempSync(join(tmpdir(), "fovea-identities-")), "writers");
  t.after(() => rmSync(path, { recursive: true, force: true }));
  await writeWriters(path, { scale: 0.03 });
  const paths = await findData(path);
  const look = { imageSize: [8, 6], color: "grayscale", interpolation: "lanczos" } as const;
  const load = async () => {
    const data = await loadData(
      paths,
      look,
      { validation: 0.2, seed: 123 },
      { task: "verification", cache: false, ...defined({ journal: await findJournal(paths) }) },
    );
    await closeData(data);
    return data.parts.test;
  };
  const { samples, targets } = await load();
  assert.ok(targets.kind === "classes" && targets.areIdentities);
  const journal = await openJournal(join(path, "labels.journal"));
  await relabel(journal, { image: samples.hashes![0]!, file: `Test/${samples.files[0]!}`, label: "b0001" }, "b0002");
  const after = await load();
  assert.ok(after.targets.kind === "classes");
  assert.equal(after.targets.classNames[after.targets.indices[0]!], "b0002");
});

test("too few identities to split are counted before anything is cut, with the number that is needed", async (t) => {
  const path = mkdtempSync(join(tmpdir(), "fovea-few-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const look = { imageSize: [8, 6], color: "grayscale", interpolation: "lanczos" } as const;
  const load = async () =>
    loadData(await findData(path), look, { validation: 0.4, seed: 123 }, { task: "verification", cache: false });
  const add = (identity: string, images: number): void => {
    mkdirSync(join(path, identity));
    for (let at = 0; at < images; at++) {
      const data = Uint8Array.from({ length: 48 }, (_, pixel) => (pixel * 7 + at * 31 + identity.charCodeAt(0)) % 256);
      writeFileSync(join(path, identity, `${at}.png`), encode({ width: 6, height: 8, channels: 1, depth: 8, data }));
    }
  };
  for (const identity of ["a", "b"]) add(identity, 2);
  await assert.rejects(
    load(),
    /fovea-few-\w+: there are 2 identities, and verification needs at least 6, 2 in each of training, validation and test,/,
  );
  for (const identity of ["c", "d", "e", "f"]) add(identity, 2);
  await closeData(await load());
  rmSync(path, { recursive: true });
  mkdirSync(path);
  for (const identity of ["a", "b", "c", "d", "e", "f"]) add(identity, 1);
  await assert.rejects(load(), /the training images are of 2 identities, with one image each; expected at least two,/);
});
