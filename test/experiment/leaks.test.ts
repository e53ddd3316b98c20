// Columns of a table that give the answer away are named before training, and strong honest ones are not.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../src/core/random.js";
import { type DataWish, loadData, loadStudyData, makeRecipe, readSpec } from "../../src/experiment/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-leaks-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const ROWS = 400;

/** Evidence on the columns of a table, each a function of the row's number. */
async function evidence(
  columns: Readonly<Record<string, (row: number) => string | number>>,
  target: string,
  { rows = ROWS, ...wish }: DataWish & { readonly rows?: number } = {},
): Promise<readonly string[]> {
  const path = join(folder, "table.csv");
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((cell) => cell(row))
      .join(","),
  );
  writeFileSync(path, `${[Object.keys(columns).join(","), ...lines].join("\n")}\n`);
  const steps = { missing: "fill", standardize: true } as const;
  const split = { validation: 0.2, seed: 1 };
  const data = await loadData({ train: path }, steps, split, { target: [target], ...wish });
  for (const { kind, severity, files } of data.findings)
    assert.deepEqual([kind, severity, files], ["leak", "warning", [path]]);
  // A warning stops nobody.
  const training = { epochs: 1, batchSize: 32, patience: 1 };
  makeRecipe({ model: { name: "linear" }, preprocessing: steps, split, seed: 0, mode: "reproducible", training }, data);
  return data.findings.map((finding) => finding.evidence);
}

/** Numbers from 0 to 1 that belong to rows. */
const noise = (stream: number): ((row: number) => number) => {
  const random = new Random(1, stream);
  const values = Array.from({ length: ROWS }, () => random.uniform());
  return (row) => values[row]!;
};
const [first, second, third] = [noise(1), noise(2), noise(3)];
const claims = (row: number): number => (first(row) < 0.8 ? 0 : first(row) < 0.97 ? 1 : 2);
const exposure = (row: number): string => (0.1 + 0.9 * second(row)).toFixed(3);
const age = (row: number): number => 18 + Math.floor(60 * third(row));

test("what is known only with the claims is named: that there was one, its amount, its date", async () => {
  const columns = {
    claims,
    exposure,
    age,
    occurred: (row: number) => (claims(row) > 0 ? 1 : 0),
    settled: (row: number) => (claims(row) > 0 ? "yes" : "no"),
    amount: (row: number) => (claims(row) === 0 ? 0 : (100 + 900 * second(row)).toFixed(2)),
    day: (row: number) => (claims(row) === 0 ? "" : 1 + Math.floor(365 * third(row))),
    balance: (row: number) => (claims(row) === 0 ? 0 : (third(row) - 0.5).toFixed(4)),
  };
  const told = (column: string): string => `the column ${column} alone gives away where claims is 0`;
  const leaks = ["settled", "amount", "day", "balance"].map(told);
  const wish = { task: "regression", exposure: true } as const;
  assert.deepEqual(await evidence(columns, "claims", wish), [told("occurred"), ...leaks]);
});

test("a study of a table names them as well", async () => {
  const path = join(folder, "study.csv");
  const rows = Array.from({ length: ROWS }, (_, row) => [
    claims(row),
    exposure(row),
    age(row),
    claims(row) > 0 ? 1 : 0,
  ]);
  writeFileSync(path, `claims,exposure,age,occurred\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  const spec = (features: readonly string[]) =>
    readSpec({
      study: "leaks",
      data: { table: path, target: "claims", features, exposure: { column: "exposure", as: "offset" } },
      space: { units: { int: [1, 4] } },
      model: { layers: [{ Dense: { units: 1, activation: "exponential" } }] },
      training: { loss: "poisson" },
    });
  const { findings } = await loadStudyData(spec(["age", "occurred"]).data);
  assert.deepEqual(
    findings.map(({ evidence: told }) => told),
    ["the column occurred alone gives away where claims is 0"],
  );
  assert.deepEqual((await loadStudyData(spec(["age"]).data)).findings, []);
});

test("the target in another unit, another word or another order is named", async () => {
  const price = (row: number): number => Math.exp(3 * first(row));
  const numbers = {
    price,
    age,
    euros: (row: number) => 50 - 0.9 * price(row),
    root: (row: number) => Math.sqrt(price(row)),
  };
  assert.deepEqual(
    await evidence(numbers, "price"),
    ["euros", "root"].map((name) => `the column ${name} alone gives away price`),
  );

  const kind = (row: number): string => ["ant", "bee", "wasp"][Math.floor((3 * row) / ROWS)]!;
  const classes = { kind, age, latin: (row: number) => `L. ${kind(row)}`, number: (row: number) => row + 1 };
  assert.deepEqual(
    await evidence(classes, "kind"),
    ["latin", "number"].map((name) => `the column ${name} alone gives away the class`),
  );
  // One slip among 1,280 rows of other classes leaves it a leak, many do not.
  const hues = ["blue", "green", "red"];
  const slip = { hue: (row: number) => hues[row % 3]!, code: (row: number) => `L. ${row === 7 ? 0 : row % 3}` };
  assert.deepEqual(await evidence(slip, "hue", { rows: 3000 }), ["the column code alone gives away the class"]);
  const slips = (share: number) => ({
    kind,
    age,
    code: (row: number) => (second(row) < share ? "L. ant" : `L. ${kind(row)}`),
  });
  assert.equal((await evidence(slips(0.03), "kind")).length, 0);
});

test("strong honest features, names of rows and coincidences of few rows are not named", async () => {
  const close = (row: number): number => first(row) + 0.1 * (second(row) - 0.5);
  const wear = (row: number): number => Math.max(0, first(row) - 0.3);
  const honest = {
    wear,
    age,
    close,
    policy: (row: number) => `P${row}`,
    agent: (row: number) => `A${row % 90}`,
    region: (row: number) => (first(row) < 0.32 ? "north" : "south"),
  };
  assert.deepEqual(await evidence(honest, "wear", { task: "regression" }), []);

  // Petals: 96 of 100 flowers by their length alone.
  const flower = (row: number): string => (first(row) < 0.5 ? "iris" : "rose");
  const petal = (row: number): number => first(row) + 0.16 * (third(row) - 0.5);
  assert.deepEqual(await evidence({ flower, petal, age }, "flower"), []);

  // One amount that is larger than all others together, and the oldest driver's.
  const amount = (row: number): number => (row === 7 ? 1e7 : 100 * second(row));
  const oldest = (row: number): number => (row === 7 ? 99 : age(row));
  assert.deepEqual(await evidence({ amount, oldest }, "amount"), []);

  const few = { claims: (row: number) => row % 2, flag: (row: number) => row % 2, age };
  assert.deepEqual(await evidence(few, "claims", { task: "regression", rows: 60 }), []);
});
