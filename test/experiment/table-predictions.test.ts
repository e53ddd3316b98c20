// Models of tables score the rows of other files as they were trained: the same features, the meaning of exposure, and one
// sentence for what they cannot know.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseCsv, trainTestSplit } from "../../src/data/index.js";
import { loadStudyData, openProgram, readSpec, runStudy, specProgram } from "../../src/experiment/index.js";
import { scoreTable } from "../../src/experiment/models/table-predictions.js";
import { openAny, openModelFile } from "../../src/experiment/models/trained-model.js";
import { openArtifacts } from "../../src/experiment/tune/index.js";
import type { Labelled } from "../../src/nn/index.js";
import type { MultiLabelled } from "../../src/nn/model/data.js";
import { MemoryStorage } from "../../src/tune/index.js";
import { claimsSpec, writeClaims } from "./claims.js";

const root = mkdtempSync(join(tmpdir(), "fovea-scores-"));
after(() => rmSync(root, { recursive: true, force: true }));
const claims = writeClaims(root);

/** Trains one trial on the claims and keeps its model. @returns its file, and the data it was trained on. */
async function trained(
  study: string,
  data: Readonly<Record<string, unknown>>,
  training = {},
  activation = "exponential",
) {
  const model = { layers: [{ Dense: { units: 4, activation: "tanh" } }, { Dense: { units: 1, activation } }] };
  const changes = { study, trials: 1, model, data: { table: claims, target: "ClaimNb", ...data } };
  const spec = readSpec(
    claimsSpec({ ...changes, training: { ...claimsSpec().training, optimizer: "Adam", ...training } }),
  );
  const loaded = await loadStudyData(spec.data);
  const program = await specProgram(spec, loaded);
  const artifacts = await openArtifacts(join(root, "models"));
  await runStudy(await openProgram(program, new MemoryStorage()), program, { threads: 1, artifacts });
  return { file: join(root, "models", study, "trial-0", "model.keras"), loaded };
}

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const score = async (file: string, path: string) => {
  const { loaded } = await openModelFile(file, { threads: 1 });
  try {
    return await scoreTable(file, loaded, path);
  } finally {
    await loaded.model.close();
  }
};

for (const as of ["weight", "offset"] as const)
  test(`exposure as ${as}: the rows of the training file get what training saw`, async () => {
    const { file, loaded } = await trained(as, { exposure: { column: "Exposure", as } });
    const scores = await score(file, claims);
    const any = await openAny(file, { threads: 1, tables: true });
    assert.equal(any.facts?.table?.exposure?.as, as, "whatever predict opens it for");
    await any.model.close();
    if (as === "offset") await assert.rejects(openAny(file, { threads: 1 }), /takes 2 inputs/);
    const { loaded: opened } = await openModelFile(file, { threads: 1 });
    const { model } = opened;
    const { x } = loaded.validation as Labelled | MultiLabelled;
    const outputs = (await model.predict(x as never)).data;
    await model.close();
    const rows = trainTestSplit(400, { testSize: 0.2, randomState: 123 }).test;
    const same = as === "weight" ? scores.values : scores.expected!;
    assert.deepEqual(
      Array.from(rows, (row) => same[row]),
      Array.from(outputs),
    );
    const [head, ...all] = parseCsv(readFileSync(claims, "utf8"));
    const column = head!.indexOf("Exposure");
    all.forEach((fields, row) => {
      const expected = Math.fround(scores.values[row]! * Math.fround(Number(fields[column])));
      assert.equal(scores.expected![row], expected);
    });
    const written = parseCsv(scores.csv());
    assert.deepEqual(written[0], [...head!, "predicted_rate", "predicted_ClaimNb"]);
    assert.equal(Math.fround(Number(written[7]!.at(-1))), scores.expected![6]);
    assert.match(
      scores.notes[0]!,
      new RegExp(`^rate: ClaimNb per 1 of Exposure .* as ${as}\\); expected: rate times Exposure`),
    );
    // Columns in another order, one more, none of exposure and none of the target.
    const few = all.slice(0, 3).map(([, age, body], i) => `P-${i},${body},${age}`);
    const other = await score(file, write("other.csv", ["Id,Body,Age", ...few].join("\n")));
    assert.deepEqual([...other.values], [...scores.values.slice(0, 3)]);
    assert.equal(other.expected, undefined);
    assert.match(other.notes.join(" "), /no column Exposure, so no expected ClaimNb\. Not used: Id\./);
  });

test("what a model cannot know is one sentence with row and column", async () => {
  const { file } = await trained("plain", { features: ["Age", "Body"] });
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      "Age,Body\n30,Bus\n40,Boat\n",
      /^new\.csv: row 2 of column "Body": the model does not know the category "Boat"; it was trained with Bus, Coupe, Sedan$/,
    ],
    ["Age,Body\n30,Bus\n,Bus\n", /^new\.csv: row 2 of column "Age": expected a value, found none/],
    ["Age,Body\n30,\n", /^new\.csv: row 1 of column "Body": expected a value, found none/],
    [
      "Age,Body\nold,Bus\n",
      /^new\.csv: row 1 of column "Age": expected a number, found "old" in line 2; correct the cell$/,
    ],
    ["Age,Body\ninf,Bus\n", /^new\.csv: row 1 of column "Age": expected a number, found "inf"/],
    ["Age\n30\n", /^new\.csv: the model needs the columns "Body"; there are Age$/],
    ["Age,Body\n", /expected a row of column names and at least one row of values/],
    ["Age;Body\n30;Bus\n", /^new\.csv: the model needs the columns "Age", "Body"; there are Age;Body$/],
  ];
  for (const [text, message] of cases)
    await assert.rejects(score(file, write("new.csv", text)), { name: "FoveaError", message });
  // A long list of what is known helps nobody.
  const lines = readFileSync(claims, "utf8").trim().split("\n");
  const many = write(
    "many.csv",
    [`${lines[0]},Code`, ...lines.slice(1).map((line, i) => `${line},c${i % 30}`)].join("\n"),
  );
  const coded = await trained("coded", { table: many, features: ["Code"] });
  await assert.rejects(
    score(coded.file, write("code.csv", "Code\nc99\n")),
    /does not know the category "c99"; it was trained with c0, c1, c10, c11, c12, c13, c14, c15, c16, c17 and 20 more$/,
  );
  const taken = await score(file, write("taken.csv", "Age,Body,predicted_ClaimNb\n30,Bus,1\n"));
  assert.throws(() => taken.csv(), /has a column "predicted_ClaimNb" already/);
});

test("gaps are filled where they were in training; log-odds come out as probabilities", async () => {
  const path = write("gaps.csv", `${readFileSync(claims, "utf8")}1,,Bus,0\n1,40,,1\n`.repeat(1));
  const filled = await trained("filled", { table: path, missing: "fill", features: ["Age", "Body"] });
  const scores = await score(filled.file, write("gap.csv", "Age,Body\n,Bus\n30,Bus\n"));
  assert.ok(scores.values.every(Number.isFinite) && scores.values[0] !== scores.values[1]);
  const loss = { BinaryCrossentropy: { from_logits: true } };
  const binary = await trained("binary", { features: ["Age", "Body"] }, { loss }, "linear");
  const probabilities = await score(binary.file, claims);
  assert.ok(probabilities.values.every((value) => value > 0 && value < 1));
  const names = await trained("names", {
    table: write("odd.csv", readFileSync(claims, "utf8").replace("Age,Body", "__proto__,constructor")),
    features: ["__proto__", "constructor"],
  });
  const odd = await score(names.file, write("odd-new.csv", "constructor,__proto__\nBus,30\n"));
  assert.ok(Number.isFinite(odd.values[0]));
});
