// Verification by the command line: writers of whom others test than train, from a run to galleries, pairs and pictures.
import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fovea, workplace } from "./fovea.js";

let place: string;
before((t) => {
  place = workplace(t as Parameters<typeof workplace>[0]);
});
const TRAIN = ["--task", "verification", "--epochs", "2", "--image-size", "40x30", "--threads", "1"];

const ran = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await fovea(place, ...args);
  assert.equal(code, 0, stderr);
  return stdout;
};
const refused = async (...args: readonly string[]): Promise<string> => {
  const { code, stderr } = await fovea(place, ...args);
  assert.notEqual(code, 0);
  return stderr;
};
const imagesOf = (writer: string): string[] =>
  readdirSync(join(place, "writers/Test", writer))
    .sort()
    .map((file) => `writers/Test/${writer}/${file}`);

test("a run judges identities that it has not trained on, is replayed and evaluated", async () => {
  await ran("synth", "writers", "--out", "writers", "--scale", "0.03");
  const metrics = JSON.parse(await ran("train", "writers", ...TRAIN, "--out", "run", "--json"));
  assert.equal(metrics.task, "verification");
  for (const key of ["eer", "auc", "tar_at_far_1e_1", "tar_at_far_1e_3", "far", "frr"])
    assert.ok(metrics.test[key] >= 0 && metrics.test[key] <= 1, key);
  const [low, high] = metrics.intervals.test.eer;
  assert.ok(low < high && low <= metrics.test.eer && metrics.test.eer <= high);
  const recipe = JSON.parse(readFileSync(join(place, "run/recipe.json"), "utf8"));
  assert.equal(recipe.task.kind, "verification");
  assert.equal(recipe.task.identities, 10);
  assert.match(readFileSync(join(place, "run/report.html"), "utf8"), /Taken for one/);
  assert.match(await ran("replay", "run"), /same bits/);
  const evaluated = JSON.parse(await ran("evaluate", "run", "writers", "--json"));
  assert.ok(Math.abs(evaluated.eer - metrics.test.eer) < 1e-12);
  // Identities that train and test would be figures of known identities.
  cpSync(join(place, "writers"), join(place, "shared"), { recursive: true });
  cpSync(join(place, "writers/Train/a0001"), join(place, "shared/Test/a0001"), { recursive: true });
  assert.match(
    await refused("train", "shared", ...TRAIN),
    /the identity a0001 is in (training|validation) and in test/,
  );
  assert.match(await refused("train", "writers", ...TRAIN, "--stratify"), /leave out --stratify/);
  assert.match(await refused("train", "writers", ...TRAIN, "--loss", "mse"), /choose arcface or triplet/);
});

test("one folder is split by identity, and triplets learn as well", async () => {
  cpSync(join(place, "writers/Train"), join(place, "one"), { recursive: true });
  await ran("train", "one", ...TRAIN, "--loss", "triplet", "--out", "triplet");
  const images = JSON.parse(readFileSync(join(place, "triplet/images.json"), "utf8"));
  const writers = (part: string): Set<string> =>
    new Set(images.parts[part].files.map((file: string) => file.split("/").at(-2)!));
  const [train, validation, tested] = ["train", "validation", "test"].map(writers);
  assert.ok([...validation!, ...tested!].every((writer) => !train!.has(writer)));
  assert.ok([...tested!].every((writer) => !validation!.has(writer)));
});

test("galleries hold embeddings of one model, know whom they know, and forget", async () => {
  const [first, second] = ["b0001", "b0002"].map(imagesOf) as [string[], string[]];
  const { stderr } = await fovea(place, "gallery", "enrol", "run", "g.json", "writers/Test");
  assert.match(stderr, /GDPR article 9/);
  const gallery = JSON.parse(readFileSync(join(place, "g.json"), "utf8"));
  assert.deepEqual(Object.keys(gallery), ["version", "model", "dimensions", "identities"]);
  assert.deepEqual(Object.keys(gallery.identities[0]), ["name", "embeddings"]);
  const [known, unknown] = await Promise.all([
    ran("gallery", "identify", "run", "g.json", first[0]!, "--json"),
    ran("gallery", "identify", "run", "g.json", "writers/Train/a0003", "--threshold", "1", "--json"),
  ]);
  assert.equal(JSON.parse(known).predictions[0].identity, "b0001");
  assert.ok(JSON.parse(unknown).predictions.every(({ identity }: { identity: unknown }) => identity === null));
  const same = JSON.parse(await ran("gallery", "verify", "run", first[0]!, first[0]!, "--json"));
  assert.ok(same.same && Math.abs(same.score - 1) < 1e-6);
  const { predictions } = JSON.parse(await ran("predict", "run", first[0]!, second[0]!, "--pair", "--json"));
  assert.deepEqual(Object.keys(predictions[0].pair), ["image", "score", "threshold", "same"]);
  assert.match(
    await refused("gallery", "identify", "triplet", "g.json", first[0]!),
    /those of two models cannot be compared/,
  );
  assert.match(await refused("gallery", "forget", "g.json", "nobody"), /has no nobody/);
  await ran("gallery", "forget", "g.json", "b0001");
  assert.deepEqual(
    JSON.parse(readFileSync(join(place, "g.json"), "utf8")).identities.map(({ name }: { name: string }) => name),
    ["b0002", "b0003"],
  );
  writeFileSync(
    join(place, "bad.json"),
    JSON.stringify({ ...gallery, identities: [{ name: "x", embeddings: "AAAA" }] }),
  );
  assert.match(await refused("gallery", "identify", "run", "bad.json", first[0]!), /the embeddings of x are not whole/);
});

test("a pair is explained, a verifier converted, and errors told by group", async () => {
  const [first, second] = ["b0001", "b0002"].map(imagesOf) as [string[], string[]];
  await ran("explain", "run", first[0]!, second[0]!, "--pair", "--out", "why");
  assert.ok(existsSync(join(place, "why/pair.png")));
  await ran("convert", "run", "model.keras");
  const config = readFileSync(join(place, "model.keras"));
  assert.ok(!config.includes("CosineDense"), "the head of the identities is cut off");
  const rows = [first, second].flatMap((files, at) => files.map((file) => `${file},w${at},g${at}`));
  const others = readdirSync(join(place, "writers/Train/a0001")).map((file) => `writers/Train/a0001/${file},w2,g1`);
  writeFileSync(join(place, "people.csv"), `${["path,class,region", ...rows, ...others].join("\n")}\n`);
  const { groups } = JSON.parse(await ran("evaluate", "run", "people.csv", "--groups", "region", "--json"));
  assert.deepEqual(
    groups.map(({ group, falseAcceptance: { pairs } }: { group: string; falseAcceptance: { pairs: number } }) => [
      group,
      pairs,
    ]),
    [
      ["g0", 0],
      ["g1", 400],
    ],
  );
  assert.match(await refused("evaluate", "run", "people.csv", "--groups", "sex"), /there is no column "sex"/);
});
