// `fovea tune` from end to end in small: run, go on, list, show, best, rebuild, export, worker; and in one sentence each
// what is wrong with bad input.
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeHail } from "../../src/data/generators/hail/write.js";
import { claimsSpec, writeClaims } from "../experiment/claims.js";
import { fovea, workplace } from "./fovea.js";

function prepare(t: Parameters<typeof workplace>[0], changes: Readonly<Record<string, unknown>> = {}): string {
  const folder = workplace(t);
  writeClaims(folder);
  writeFileSync(join(folder, "spec.json"), JSON.stringify(claimsSpec(changes)));
  return folder;
}

test("a study is run, gone on with, listed, shown, rebuilt and exported", async (t) => {
  const folder = prepare(t);
  const first = await fovea(folder, "tune", "run", "spec.json", "--trials", "2", "--threads", "1");
  assert.equal(first.code, 0, first.stderr);
  assert.match(
    first.stdout,
    /^Trial 0 {2}0\.\d{4} {2}neurons [48] {2}activation \w+ {2}learningRate 0\.\d+ {2}\(best so far\)$/m,
  );
  assert.match(first.stdout, /^2 trials: 2 complete\.$/m);
  assert.match(first.stdout, /^Tuning best: 0\.\d{4} {2}\(trial [01]\)$/m);

  const second = await fovea(folder, "tune", "run", "spec.json", "--threads", "1", "--json");
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /Going on with the study, which has 2 trials: 2 complete\./);
  const { trials, storage } = JSON.parse(second.stdout) as { trials: object; storage: string };
  assert.deepEqual(trials, { complete: 3, pruned: 0, fail: 0 });
  assert.equal(storage, "journal://studies/claims/journal.log");

  const listed = await fovea(folder, "tune", "list");
  assert.match(listed.stdout, /^claims +minimize +3 +0\.\d{4} +journal:/m);
  assert.match((await fovea(folder, "tune", "show", "claims")).stdout, /^ +2 +complete +0\.\d{4}/m);
  const found = JSON.parse((await fovea(folder, "tune", "best", "claims", "--json")).stdout) as { params: object };
  assert.deepEqual(Object.keys(found.params), ["neurons", "activation", "learningRate"]);

  const rebuilt = await fovea(folder, "tune", "rebuild", "--study", "claims", "--out", "best.keras");
  assert.equal(rebuilt.code, 0, rebuilt.stdout + rebuilt.stderr);
  const [, tuned, again] = /Tuning best: (0\.\d{4})\nRebuilt loss: (0\.\d{4})\n/.exec(rebuilt.stdout) ?? [];
  assert.ok(tuned !== undefined && tuned === again, rebuilt.stdout);
  assert.ok(existsSync(join(folder, "best.keras")));
  assert.match(rebuilt.stdout, /Every digit is the same, and so is every bit of the weights\./);

  const csv = await fovea(folder, "tune", "export", "claims");
  assert.equal(csv.stdout.trim().split("\n").length, 4);
  await fovea(folder, "tune", "export", "claims", "--out", "trials.json");
  const exported = JSON.parse(readFileSync(join(folder, "trials.json"), "utf8")) as { trials: { params: object }[] };
  assert.equal(exported.trials.length, 3);
});

test("rebuild ends with 1 when a digit differs", async (t) => {
  const folder = prepare(t, { trials: 1 });
  await fovea(folder, "tune", "run", "spec.json", "--threads", "1");
  const journal = join(folder, "studies/claims/journal.log");
  const text = readFileSync(journal, "utf8");
  const value = /"values":\[([\d.e-]+)\]/.exec(text)?.[1];
  assert.ok(value !== undefined, text);
  writeFileSync(journal, text.replace(`"values":[${value}]`, `"values":[${Number(value) + 1e-12}]`));
  const { code, stdout } = await fovea(folder, "tune", "rebuild", "claims");
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(`Rebuilt loss: ${value}\nNot the same\\.`));
});

test("workers need the storage and the name only, and share what is left", async (t) => {
  const folder = prepare(t);
  const storage = "journal://shared.log";
  const begun = ["--trials", "1", "--storage", storage, "--threads", "1", "--artifacts", "models"];
  await fovea(folder, "tune", "run", "spec.json", ...begun);
  const work = [
    "tune",
    "worker",
    "--storage",
    storage,
    "--study",
    "claims",
    "--trials",
    "5",
    "--threads",
    "1",
    "--json",
  ];
  const both = await Promise.all([fovea(folder, ...work), fovea(folder, ...work)]);
  const evaluated = both.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, stderr);
    return (JSON.parse(stdout) as { evaluated: number }).evaluated;
  });
  assert.equal(evaluated[0]! + evaluated[1]!, 4);
  const { code, stdout } = await fovea(folder, "tune", "rebuild", "--storage", storage, "--trial", "4");
  assert.equal(code, 0, stdout);
  for (const number of [0, 1, 2, 3, 4])
    assert.ok(existsSync(join(folder, `models/claims/trial-${number}/model.keras`)), `the model of trial ${number}`);
  const best = await fovea(folder, "tune", "best", "--storage", storage);
  assert.match(best.stdout, /^Its model is .*models\/claims\/trial-\d\/model\.keras$/m);
  const elsewhere = ["--trials", "6", "--artifacts", "http://127.0.0.1:1/bucket", "--timeout", "600"];
  const last = await fovea(folder, ...work, ...elsewhere);
  assert.equal(last.code, 0, last.stderr);
  assert.match(last.stderr, /^Trial 5: cannot put http:\/\/127\.0\.0\.1:1\/.*: there is no connection to the server/m);
});

test("a module of the user's own is a study too; its storage never brings code with it", async (t) => {
  const folder = workplace(t);
  const code = `export default { study: "mine", trials: 3, objective: (trial) => (trial.suggestFloat("x", -1, 1) - 0.5) ** 2 };`;
  writeFileSync(join(folder, "mine.mjs"), code);
  const ran = await fovea(folder, "tune", "run", "mine.mjs");
  assert.equal(ran.code, 0, ran.stderr);
  const bare = await fovea(folder, "tune", "rebuild", "mine");
  assert.equal(bare.code, 1);
  assert.match(bare.stderr, /it was not begun with a JSON spec, .* name the module with --spec/);
  const { stdout } = await fovea(folder, "tune", "rebuild", "mine", "--spec", "mine.mjs");
  assert.match(stdout, /Tuning best: \S+\nRebuilt value: \S+\nEvery digit is the same\./);
});

test("bad input ends in one sentence and the right exit code", async (t) => {
  const folder = prepare(t);
  writeFileSync(join(folder, "photo.log"), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
  writeFileSync(join(folder, "low.json"), JSON.stringify(claimsSpec({ space: { x: { int: [5, 2] } } })));
  writeFileSync(join(folder, "torn.json"), '{"study": "cl');
  writeFileSync(join(folder, "fails.mjs"), `export default { study: "f", trials: 2, objective: () => NaN };`);
  writeFileSync(join(folder, "throws.mjs"), "throw new Error('not today');");
  await fovea(folder, "tune", "run", "spec.json", "--trials", "1", "--threads", "1", "--study", "changed");
  const longer = { ...claimsSpec().space, neurons: { int: [4, 8] } };
  writeFileSync(join(folder, "changed.json"), JSON.stringify(claimsSpec({ space: longer, study: "changed" })));
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["run", "none.json"], 1, /none\.json/],
    [["run", "claims.csv"], 2, /expected a spec that ends in \.json/],
    [["run", "torn.json"], 1, /torn\.json: expected JSON/],
    [["run", "low.json"], 1, /parameter "x": expected low <= high, received low 5 and high 2/],
    [["run", "spec.json", "--data", "gone.csv"], 1, /there are no data at .*gone\.csv; say with --data/],
    [["run", "spec.json", "--storage", "redis://x"], 1, /storage: expected journal:\/\/FILE/],
    [["run", "spec.json", "--storage", "journal://photo.log"], 1, /photo\.log: expected Optuna's journal/],
    [["run", "spec.json", "--sampler", "luck"], 2, /--sampler/],
    [["run", "spec.json", "--trials", "0"], 2, /--trials/],
    [["run", "changed.json"], 1, /study "changed": it was begun with another "space"/],
    [["run", "spec.json", "--study", "changed", "--seed", "7"], 1, /begun with seed 0, now 7 was passed/],
    [["run", "fails.mjs"], 1, /no trial of study "f" is complete; trial 0 failed: the objective returned NaN/],
    [["run", "throws.mjs"], 1, /throws\.mjs: the module cannot be loaded: not today/],
    [["run", "fails.mjs", "--artifacts", "models"], 2, /--artifacts: fails\.mjs is a module/],
    [["run", "spec.json", "--artifacts", "s3://bucket"], 1, /artifacts: expected a folder/],
    [["best"], 2, /expected the name of a study, or --storage/],
    [["run", "spec.json", "--storage", "sqlite:///"], 1, /storage: expected journal:\/\/FILE/],
    [["list", "--storage", "sqlite:///none.db"], 1, /there is no storage at none\.db/],
    [["best", "nobody"], 1, /there is no storage at studies\/nobody\/journal\.log/],
    [
      ["best", "nobody", "--storage", "journal://studies/changed/journal.log"],
      1,
      /study "nobody": it is not in this storage/,
    ],
    [["rebuild", "changed", "--trial", "9"], 1, /there is no trial 9, it has 1/],
    [["export", "changed", "--out", "a.xls"], 2, /ends in \.csv or \.json/],
    [["worker", "--study", "changed"], 2, /--storage/],
    [["dance"], 2, /unknown command/],
  ];
  for (const [args, code, message] of cases) {
    const ended = await fovea(folder, "tune", ...args);
    assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    const sentence = ended.stderr.split("\n").find((line) => line.startsWith("fovea: ")) ?? "";
    assert.match(sentence, message, args.join(" "));
    assert.ok(!ended.stderr.includes("fault in Fovea"), ended.stderr);
  }
  appendFileSync(join(folder, "claims.csv"), "1,20,Bus,1\n");
  const other = await fovea(folder, "tune", "rebuild", "changed");
  assert.match(other.stderr, /these are not its data; bring back those it was begun with/);
});

test("a module's error ends the study with its trial's number, unless the module catches it", async (t) => {
  const folder = workplace(t);
  const code = (more: string) =>
    `export default { study: "mine", trials: 4, ${more} objective: (trial) => {
      if (trial.number === 1) throw new RangeError("no luck");
      return trial.suggestFloat("x", -1, 1);
    } };`;
  writeFileSync(join(folder, "throws.mjs"), code(""));
  const thrown = await fovea(folder, "tune", "run", "throws.mjs");
  assert.equal(thrown.code, 1);
  assert.match(thrown.stderr, /^fovea: study "mine": trial 1 ended the run: RangeError: no luck$/m);
  writeFileSync(join(folder, "catches.mjs"), code("catch: [RangeError],"));
  const caught = await fovea(folder, "tune", "run", "catches.mjs", "--study", "caught");
  assert.equal(caught.code, 0, caught.stderr);
  assert.match(caught.stdout, /^Trial 1 +failed: RangeError: no luck/m);
  assert.match(caught.stdout, /4 trials: 3 complete, 1 failed/);
});

test("a grid of a conditional space repeats nothing, and is compared with random search", async (t) => {
  const folder = workplace(t);
  writeClaims(folder);
  const spec = claimsSpec({
    space: {
      layers: { int: [1, 2] },
      "width_{i}": { choices: [4, 8], each: "layers" },
    },
    model: {
      layers: [
        { repeat: "$layers", layers: [{ Dense: { units: "$width_{i}", activation: "relu" } }] },
        { Dense: { units: 1, activation: "exponential" } },
      ],
    },
    training: { loss: "poisson", epochs: 1, batchSize: 64 },
    trials: 20,
  });
  writeFileSync(join(folder, "spec.json"), JSON.stringify(spec));
  const run = (...options: string[]) => fovea(folder, "tune", "run", "spec.json", "--threads", "1", ...options);
  const grid = await run("--sampler", "grid", "--study", "grid", "--parallel", "2");
  assert.match(grid.stdout, /^6 trials: 6 complete\.$/m, grid.stderr);
  const settings = grid.stdout.match(/layers \d.*?(?= {2}\(best|$)/gm) ?? [];
  assert.equal(new Set(settings.map((text) => text.trim())).size, 6, grid.stdout);
  assert.equal((await run("--sampler", "random", "--study", "random", "--trials", "8")).code, 0);

  const compared = await fovea(folder, "tune", "compare", "grid", "random", "--out", "c.html");
  assert.equal(compared.code, 0, compared.stderr);
  assert.match(compared.stdout, /^grid +grid +6 +0\.\d{4}\n^random +random +8 +0\.\d{4}/m);
  assert.match(compared.stdout, /^6 trials +0\.\d{4} +0\.\d{4}$/m);
  assert.match(compared.stdout, /^width_1 +2 +2$/m);
  const page = readFileSync(join(folder, "c.html"), "utf8");
  for (const id of ["beside-chart", "panels-chart", "tried-1-chart"]) assert.ok(page.includes(`id="${id}"`), id);
  assert.equal((await run("--sampler", "quasi-random", "--study", "third", "--trials", "2")).code, 0);
  const three = await fovea(folder, "tune", "compare", "grid", "random", "third");
  assert.match(three.stdout, /^best val_loss so far {3}⠤⠤⠤ grid {3}⠤ ⠤ random {3}⠄⠄⠄ third$/m);
  const json = await fovea(folder, "tune", "compare", "grid", "random", "--out", "c.svg", "--json");
  const { studies } = JSON.parse(json.stdout) as { studies: { best_by_trials: number[]; values_tried: object }[] };
  assert.deepEqual(studies[0]!.values_tried, { layers: 2, width_1: 2, width_2: 2 });
  assert.equal(studies[1]!.best_by_trials.length, 8);
  assert.ok(studies[1]!.best_by_trials.every((value, i, all) => i === 0 || value <= all[i - 1]!));
  assert.match(readFileSync(join(folder, "c.svg"), "utf8"), /^<svg/);

  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["grid"], 2, /expected the names of at least two studies/],
    [["grid", "grid"], 2, /expected different studies/],
    [["grid", "nobody"], 1, /there is no storage at studies\/nobody/],
    [["grid", "random", "--out", "c.pdf"], 2, /expected a file that ends in \.html or \.svg/],
  ];
  for (const [args, code, message] of wrong) {
    const ended = await fovea(folder, "tune", "compare", ...args);
    assert.equal(ended.code, code);
    assert.match(ended.stderr, message);
  }
});

test("a rebuilt model of a table scores policies", async (t) => {
  const folder = prepare(t, { trials: 1 });
  await fovea(folder, "tune", "run", "spec.json", "--threads", "1");
  await fovea(folder, "tune", "rebuild", "claims", "--out", "claims.keras", "--threads", "1");
  writeFileSync(join(folder, "new.csv"), "Id,Body,Age,Exposure\nA,Bus,25,0.5\nB,Sedan,60,1\n");
  const printed = await fovea(folder, "predict", "claims.keras", "new.csv");
  assert.equal(printed.code, 0, printed.stderr);
  assert.match(printed.stdout, /^rate: ClaimNb per 1 of Exposure/m);
  assert.match(printed.stdout, /^ +1 +(0\.\d{4}) +0\.\d{4}$/m);
  const json = await fovea(folder, "predict", "claims.keras", "new.csv", "--json");
  const { target, predictions } = JSON.parse(json.stdout) as {
    target: string;
    predictions: { row: number; rate: number; expected: number }[];
  };
  assert.deepEqual([target, predictions.map(({ row }) => row)], ["ClaimNb", [1, 2]]);
  assert.equal(predictions[0]!.expected, Math.fround(predictions[0]!.rate / 2));
  await fovea(folder, "predict", "claims.keras", "new.csv", "--out", "scores.csv");
  assert.match(
    readFileSync(join(folder, "scores.csv"), "utf8"),
    /^Id,Body,Age,Exposure,predicted_rate,predicted_ClaimNb\nA,Bus,25,0\.5,0\.\d+,0\.\d+\n/,
  );
  writeFileSync(join(folder, "odd.csv"), "Body,Age\nBus,25\nBoat,60\n");
  const odd = await fovea(folder, "predict", "claims.keras", "odd.csv");
  assert.equal(odd.code, 1);
  assert.match(odd.stderr, /^fovea: odd\.csv: row 2 of column "Body": the model does not know the category "Boat"/);
  const both = await fovea(folder, "predict", "claims.keras", "new.csv", "odd.csv");
  assert.equal(both.code, 2);
});

test("a study of repair costs is run in little memory, and its best model is rebuilt, judged and predicts", async (t) => {
  const folder = workplace(t);
  await writeHail(join(folder, "hail"), { count: 60, height: 48, width: 48, seed: 3 });
  const example = JSON.parse(
    readFileSync(fileURLToPath(new URL("../../../examples/study-hail.json", import.meta.url)), "utf8"),
  );
  const training = { ...example.training, epochs: 1, batchSize: 16 };
  const spec = { ...example, training, space: { ...example.space, blocks: { int: [2, 2] } } };
  writeFileSync(join(folder, "costs.json"), JSON.stringify(spec));
  const small = ["--memory", "300kB", "--threads", "1"];
  const run = await fovea(folder, "tune", "run", "costs.json", "--trials", "1", ...small);
  assert.equal(run.code, 0, run.stderr);
  const rebuilt = await fovea(folder, "tune", "rebuild", "hail", "--out", "hail.keras", ...small);
  assert.equal(rebuilt.code, 0, rebuilt.stderr);
  assert.match(rebuilt.stdout, /Every digit is the same, and so is every bit of the weights\.\nTest loss: /);
  assert.match(rebuilt.stdout, /^Test gini: .*\nTest RMSE of always predicting \d+\.\d+: \d+\.\d+$/m);
  const predicted = await fovea(folder, "predict", "hail.keras", "hail/images", "--json", "--quiet", "--threads", "1");
  assert.equal(predicted.code, 0, predicted.stderr);
  const { predictions } = JSON.parse(predicted.stdout) as { predictions: { value: number }[] };
  assert.equal(predictions.length, 60);
  for (const { value } of predictions) assert.ok(value > 0 && value < 1e5, String(value));
  const tight = await fovea(folder, "tune", "run", "costs.json", "--study", "tight", "--memory", "10kB");
  assert.equal(tight.code, 1);
  assert.match(tight.stderr, /^fovea: .*memory/m);
});
