// Tables: what CSV may hold and what it may not, types and gaps of columns, and exposure in both of its uses.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fitFeatures, loadTable, openTable, parseCsv, parseTable, regressionData } from "../../src/data/index.js";

test("CSV by RFC 4180: quotes, doubled quotes, line breaks, CRLF, empty fields, a byte order mark", () => {
  const cases: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      "a,b\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\r\n1,2\r\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "\ufeffa,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      '"a","b ""c"""\n"x,\ny",',
      [
        ["a", 'b "c"'],
        ["x,\ny", ""],
      ],
    ],
    [
      'a,b\n"","1"\r\n',
      [
        ["a", "b"],
        ["", "1"],
      ],
    ],
    [
      "a,b\n,\n\n3,4\n\n",
      [
        ["a", "b"],
        ["", ""],
        ["3", "4"],
      ],
    ],
    [
      "a, b ,\n1,2,3",
      [
        ["a", " b ", ""],
        ["1", "2", "3"],
      ],
    ],
    [
      "a,b\n1,",
      [
        ["a", "b"],
        ["1", ""],
      ],
    ],
    ["", []],
  ];
  for (const [text, rows] of cases) assert.deepEqual(parseCsv(text), rows, JSON.stringify(text));
});

test("a long text of one column is read, quoted fields among the others", () => {
  const count = 400_000;
  const rows = parseCsv(Array.from({ length: count }, (_, i) => (i % 9 === 4 ? `"${i},\n"` : String(i))).join("\n"));
  assert.deepEqual([rows.length, rows[4], rows.at(-1)], [count, ["4,\n"], [String(count - 1)]]);
});

test("CSV that is none is refused in one sentence with the line", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['a,b\n1,"2\n3', /^CSV: the quote that opens in line 2 is never closed; close it/],
    ["a,b\n1,2,3", /^CSV: line 2 has 3 fields, the first row has 2; is "," the right delimiter\?$/],
    ['a,b\n"x\ny",1\n2', /^CSV: line 4 has 1 fields/],
    ['a,b\n1,2"3"', /^CSV: line 2 has a quote inside a field/],
    ['a,b\n"1"2,3', /^CSV: line 2 has text behind a closing quote/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseCsv(text), { name: "FoveaError", message });
  assert.throws(() => parseCsv("a", { delimiter: "--" }), /expected a delimiter of one character/);
});

test("columns are numbers where all fields are, else categories; what is missing is told", () => {
  const table = parseTable("n,c,e,forced\n1, x ,1e3,1\nNA,y,.5,2\n-2.5,,3,1\n");
  const [n, c, e, forced] = table.columns;
  assert.deepEqual(n?.type === "number" && [...n.values], [1, Number.NaN, -2.5]);
  assert.deepEqual(c?.type === "category" && [c.categories, [...c.codes]], [
    ["x", "y"],
    [0, 1, -1],
  ]);
  assert.deepEqual(e?.type === "number" && [...e.values], [1000, 0.5, 3]);
  assert.equal(forced?.type, "number");
  assert.equal(parseTable("k\n1\n2", { types: { k: "category" } }).column("k").type, "category");
  assert.deepEqual(table.gaps, [
    { name: "n", missing: 1 },
    { name: "c", missing: 1 },
  ]);
  assert.throws(() => table.column("m"), /there is no column "m"; the columns are n, c, e, forced/);
  assert.throws(() => table.numbers("n"), /column "n" lacks 1 values/);
  assert.throws(() => parseTable("a,a\n1,2"), /"a" is there twice/);
  assert.throws(() => parseTable("a,b\n"), /at least one row of values/);
  assert.throws(
    () => parseTable("a\n1\n2x", { types: { a: "number" } }),
    /row 2 of column "a": expected a number, found "2x"/,
  );
});

test("missing values stop the encoding, or are filled with the mean and a category of their own", () => {
  const table = parseTable("n,c\n1,x\n,y\n3,\n");
  assert.throws(() => fitFeatures(table, [0, 1, 2], { columns: ["n", "c"] }), /values are missing \(n: 1, c: 1\)/);
  const encoder = fitFeatures(table, [0, 1, 2], { columns: ["n", "c"], missing: "fill", standardize: false });
  assert.deepEqual(encoder.names, ["n", "c=x", "c=y", "c=missing"]);
  assert.deepEqual([...encoder.transform([0, 1, 2]).data], [1, 1, 0, 0, 2, 0, 1, 0, 3, 0, 0, 1]);
});

test("exposure is a weight beside a frequency, or an offset beside a count", () => {
  const lines = Array.from({ length: 10 }, (_, i) => `${0.25 * (1 + (i % 4))},${i},${i % 3}`);
  const table = parseTable(["time,x,claims", ...lines].join("\n"));
  const split = { validation: 0.2, seed: 1 };
  const asWeight = regressionData(table, { target: "claims", exposure: { column: "time", as: "weight" }, split });
  const asOffset = regressionData(table, { target: "claims", exposure: { column: "time", as: "offset" }, split });
  assert.deepEqual(asWeight.featureNames, ["x"]);
  assert.deepEqual(
    [asWeight.train.x.shape, asWeight.validation.y.shape],
    [
      [8, 1],
      [2, 1],
    ],
  );
  assert.deepEqual(asWeight.train.sampleWeight?.data, asOffset.train.offset?.data);
  asWeight.train.y.data.forEach((frequency, i) => {
    assert.ok(Math.abs(frequency * asWeight.train.sampleWeight!.data[i]! - asOffset.train.y.data[i]!) < 1e-6);
  });
  assert.throws(
    () => regressionData(table, { target: "claims", features: ["x", "claims"], split }),
    /column "claims" is the target or the exposure/,
  );
  assert.throws(
    () => regressionData(table, { target: "claims", exposure: { column: "x", as: "weight" }, split }),
    /row 1: expected an exposure above 0, found 0/,
  );
});

test("options that cannot be are refused, not left out", () => {
  const table = parseTable("a,b,c\n1,x,3\n2,y,4\n,x,5\n");
  const split = { validation: 0.5, seed: 1 };
  const wrong: [() => unknown, RegExp][] = [
    [() => parseCsv("a;b", { separator: ";" } as never), /parseCsv: unknown option "separator"/],
    [
      () => parseTable("a\n1", { types: { a: "text" as "number" } }),
      /type of column "a": expected one of number, category/,
    ],
    [
      () => fitFeatures(table, [0], { columns: ["a"], missing: "mean" as "fill" }),
      /missing: expected one of error, fill/,
    ],
    [() => fitFeatures(table, [0, 3], { columns: ["c"] }), /expected rows from 0 to 2, received 3/],
    [() => fitFeatures(table, [0], {} as never), /expected columns as a list of names, received undefined/],
    [() => regressionData(table, { target: "c", feature: ["b"], split } as never), /unknown option "feature"/],
    [() => regressionData(table, { target: "c" } as never), /expected split as \{ validation, seed \}/],
    [
      () => regressionData(table, { target: "a", exposure: { column: "c", as: "rate" as "weight" }, split }),
      /exposure as: expected one of weight, offset, received "rate"/,
    ],
  ];
  for (const [make, message] of wrong) assert.throws(make, { name: "FoveaError", message });
});

test("options of a table that is opened are known ones", async () => {
  await assert.rejects(openTable("x.csv", { delimeter: ";" } as object), /openTable: unknown option "delimeter"/);
  await assert.rejects(
    openTable("x.csv", { roles: { wieght: "w" } as object }),
    /openTable roles: unknown option "wieght"/,
  );
});

test("a table is loaded with the hash of its bytes; other encodings are refused", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-table-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "t.csv");
  writeFileSync(path, "a,b\n1,é\n");
  const { table, sha256 } = await loadTable(path);
  assert.equal(table.name, "t.csv");
  assert.match(sha256, /^[0-9a-f]{64}$/);
  writeFileSync(path, Uint8Array.of(0x61, 0x0a, 0xe9));
  await assert.rejects(loadTable(path), /t\.csv: expected text in UTF-8/);
  await assert.rejects(loadTable(join(folder, "none.csv")), { name: "FoveaError" });
});
