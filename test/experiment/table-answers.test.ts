// Models of tables whose answers are no single number: classes of two and of three, several targets in an exposure. Answers
// for people, machines and CSV files are the same as the model's own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseCsv } from "../../src/data/index.js";
import {
  answeredTask,
  answerTable,
  type DataWish,
  loadData,
  makeRecipe,
  startRun,
} from "../../src/experiment/index.js";
import { openModelFile } from "../../src/experiment/models/trained-model.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-answers-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const cars = join(folder, "cars.csv");
const lines = Array.from({ length: 60 }, (_, row) => [
  ["bus", "sedan", "van"][row % 3],
  row % 2 === 0 ? "f" : "m",
  row % 7,
  (row % 3) + (row % 5),
  0.5 + (row % 4) / 8,
  row % 2,
]);
writeFileSync(cars, `body,sex,age,seats,exposure,claims\n${lines.map((line) => line.join(",")).join("\n")}\n`);

async function asked(name: string, features: readonly string[], wish: DataWish, loss?: string) {
  const preprocessing = { features, missing: "error", standardize: true } as const;
  const split = { validation: 0.2, seed: 1 };
  const data = await loadData({ train: cars }, preprocessing, split, wish);
  const training = { epochs: 4, batchSize: 16, patience: 4 };
  const plan = { model: { name: "linear" }, preprocessing, split, seed: 2, mode: "reproducible", training } as const;
  await startRun(join(folder, name), makeRecipe({ ...plan, ...(loss && { wish: { loss } }) }, data), data, {
    threads: 1,
  });
  const { loaded } = await openModelFile(join(folder, name, "model.keras"), { threads: 1 });
  try {
    return { answers: await answerTable(name, loaded, cars, { top: 2 }), task: answeredTask(loaded) };
  } finally {
    await loaded.model.close();
  }
}

for (const { name, target, features, classes } of [
  { name: "three", target: "body", features: ["age", "seats"], classes: ["bus", "sedan", "van"] },
  { name: "two", target: "sex", features: ["age", "body"], classes: ["f", "m"] },
])
  test(`${name} classes: the most probable first, and a probability each in a table`, async () => {
    const { answers } = await asked(name, features, { target: [target] });
    assert.equal(answers.answers.length, 60);
    const [head, ...rows] = parseCsv(answers.csv());
    assert.deepEqual(head!.slice(6), [
      `predicted_${target}`,
      ...classes.map((className) => `probability_${className}`),
    ]);
    for (const [row, answer] of answers.answers.entries()) {
      assert.ok(answer.accepted && "top" in answer);
      const [predicted, ...probabilities] = rows[row]!.slice(6);
      assert.ok(Math.abs(probabilities.reduce((sum, probability) => sum + Number(probability), 0) - 1) < 1e-6);
      assert.deepEqual([answer.row, answer.top[0]!.class, answer.top.length], [row + 1, predicted, 2]);
      const first = Math.max(...probabilities.map(Number));
      assert.ok(Math.abs(answer.top[0]!.probability - first) < 1e-8);
    }
    assert.match(answers.notes[0]!, /^Not used: .*claims\.$/);
    assert.doesNotMatch(answers.notes[0]!, new RegExp(target));
  });

test("several targets: rates, and numbers in each row's own exposure", async () => {
  const wish: DataWish = { task: "regression", target: ["claims", "seats"], exposure: true };
  const { answers } = await asked("targets", ["age"], wish, "poisson");
  const [head, ...rows] = parseCsv(answers.csv());
  const columns = ["predicted_rate_claims", "predicted_rate_seats", "predicted_claims", "predicted_seats"];
  assert.deepEqual(head!.slice(6), columns);
  const answer = answers.answers[3]!;
  assert.ok(answer.accepted && "values" in answer);
  assert.deepEqual(answer.names, ["claims", "seats"]);
  const told = [...answer.values, ...answer.expected!].map(Number);
  rows[3]!.slice(6).forEach((cell, i) => {
    assert.ok(Math.abs(Number(cell) - told[i]!) < 1e-7);
  });
  const exposure = Number(rows[3]![4]);
  assert.ok(Math.abs(told[2]! - told[0]! * exposure) < 1e-6);
});

test("one number a row is scored as ever, and a column of that name is refused", async () => {
  await assert.rejects(
    asked("single", ["age"], { task: "regression", target: ["seats"] }),
    /single gives one number per row; use scoreTable/,
  );
  await asked("taken", ["age"], { target: ["sex"] });
  const rows = join(folder, "rows.csv");
  writeFileSync(rows, "age,probability_f\n3,0.5\n");
  const { loaded } = await openModelFile(join(folder, "taken", "model.keras"), { threads: 1 });
  const answers = await answerTable("taken", loaded, rows);
  await loaded.model.close();
  assert.equal(answers.answers.length, 1);
  assert.throws(() => answers.csv(), /rows\.csv: it has a column "probability_f" already; give that another name/);
});
