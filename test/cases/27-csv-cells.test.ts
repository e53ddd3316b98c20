// One odd cell in a column of numbers is an error that names row and column, unless the column's type was given; columns may
// have any names.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fitFeatures, parseTable, regressionData } from "../../src/data/index.js";
import { fovea, workplace } from "../cli/fovea.js";

/** 60 rows of two numbers, a category and a target, with one cell of x1 as it is given. */
function table(cell: string, row = 6, head = "x1,x2,cat,target"): string {
  const lines = Array.from({ length: 60 }, (_, i) => {
    const x1 = i + 1 === row ? cell : String(((i * 7) % 13) / 3);
    return `${x1},${i % 5},${"abc"[i % 3]},${(i % 4) / 2}`;
  });
  return `${[head, ...lines].join("\n")}\n`;
}

const SPEC = {
  study: "t",
  data: { table: "d.csv", target: "target" },
  space: { n: { int: [2, 6] } },
  model: { layers: [{ Dense: { units: "$n", activation: "relu" } }, { Dense: { units: 1 } }] },
  training: { optimizer: "adam", loss: "mse", epochs: 2, batchSize: 32, patience: 3 },
  trials: 1,
  sampler: "random",
};

const ODD = [
  "abc",
  "inf",
  "-Infinity",
  "1e999",
  "1e39",
  "1\u0000",
  '"1,5"',
  '"1.234,5"',
  '"12,345"',
  "12 345",
  "-",
  "5%",
  "0x1F",
];

for (const cell of [...ODD, "#N/A", "+nan", "1.2.3", "−1", "１"])
  test(`${JSON.stringify(cell)} among 59 numbers is named by row and column`, () => {
    for (const row of [1, 6, 60])
      assert.throws(() => parseTable(table(cell, row), { name: "d.csv" }), {
        name: "FoveaError",
        message: new RegExp(`^d\\.csv: row ${row} of column "x1": expected a number, found .* in line ${row + 1}; `),
      });
    // In a column that was said to have categories it is one.
    const column = parseTable(table(cell), { types: { x1: "category" } }).column("x1");
    assert.equal(column.type, "category");
  });

test("a column is one of numbers by most of its cells, or by more different numbers than texts", () => {
  const typeOf = (...cells: string[]) =>
    parseTable(`a,b\n${cells.map((cell) => `${cell},1\n`).join("")}`).column("a").type;
  assert.equal(typeOf("x", "y", "z"), "category");
  assert.equal(typeOf("1", "2", "2"), "number");
  assert.equal(typeOf("A1", "B2", "3a"), "category");
  // Codes: as many texts as numbers, and no fewer different texts.
  assert.equal(typeOf("1", "A", "2", "B"), "category");
  assert.throws(() => typeOf("1", "1", "1", "x"), /row 4 of column "a": expected a number, found "x"/);
  // Gaps written as a text that nobody said stands for them.
  assert.throws(() => typeOf("?", "?", "?", "?", "1", "2"), /row 1 of column "a": expected a number, found "\?"/);
  // A whole column of decimal commas is no list of categories.
  assert.throws(
    () => parseTable("a;b\n1,5;x\n2,5;y\n", { delimiter: ";" }),
    /found "1,5" in line 2; write decimals with a point/,
  );
});

test("a cell that is missing or too large for its use is named too", () => {
  const gap = parseTable(table("nan"));
  assert.throws(
    () => fitFeatures(gap, [0, 1], { columns: ["x1"] }),
    /values are missing \(x1: 1\), the first in row 6 of column "x1"/,
  );
  assert.throws(() => gap.numbers("x1"), /column "x1" lacks 1 values, the first in row 6/);
  const rare = parseTable("t,x,n\n1e-39,1,1\n1,2,0\n1,3,0\n1,4,0\n1,5,0\n");
  const options = {
    target: "n",
    exposure: { column: "t", as: "weight" },
    split: { validation: 0.2, seed: 1 },
  } as const;
  assert.throws(
    () => regressionData(rare, options),
    /row 1 of column "n": 1 in an exposure of 1e-39 is more than 32-bit floats hold/,
  );
});

test("columns that nobody uses are not looked at", () => {
  const read = parseTable(table("abc"), { columns: ["x2", "target"] });
  assert.deepEqual(read.columnNames, ["x2", "target"]);
});

test("columns may be called __proto__, constructor and toString", () => {
  const odd = table("1", 6, "__proto__,constructor,toString,target");
  const types = JSON.parse('{"__proto__": "category"}') as Record<string, "category">;
  const read = parseTable(odd, { types });
  assert.deepEqual(
    read.columns.map(({ name, type }) => [name, type]),
    [
      ["__proto__", "category"],
      ["constructor", "number"],
      ["toString", "category"],
      ["target", "number"],
    ],
  );
});

test("fovea tune run names the cell, and trains where the type was given", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "s.json"), JSON.stringify(SPEC));
  writeFileSync(join(folder, "mixed.csv"), table("abc", 60));
  const { code, stderr } = await fovea(folder, "tune", "run", "s.json", "--data", "mixed.csv");
  assert.equal(code, 1);
  assert.match(stderr, /^fovea: mixed\.csv: row 60 of column "x1": expected a number, found "abc" in line 61; /);
  const data = { ...SPEC.data, types: { x1: "category" } };
  writeFileSync(join(folder, "given.json"), JSON.stringify({ ...SPEC, data }));
  const stated = await fovea(folder, "tune", "run", "given.json", "--data", "mixed.csv", "--threads", "1");
  assert.equal(stated.code, 0, stated.stderr);
  assert.match(stated.stdout, /x1=abc/);
  writeFileSync(join(folder, "proto.csv"), table("1", 6, "__proto__,constructor,toString,target"));
  const proto = await fovea(folder, "tune", "run", "s.json", "--data", "proto.csv", "--study", "p", "--threads", "1");
  assert.equal(proto.code, 0, proto.stderr);
  assert.match(proto.stdout, /5 features: __proto__, constructor, toString=a, toString=b, toString=c/);
});
