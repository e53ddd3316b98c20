// Names out of files: of classes, files, layers, parameters, studies, columns and options. Nothing crashes, nothing is
// told that is not so, no name reaches a terminal as a command, and JSON tells each exactly.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodeHanzi, hanziImage } from "../../src/data/index.js";
import { saveKeras } from "../../src/formats/index.js";
import { sequential } from "../../src/index.js";
import { dense, flatten, input } from "../../src/nn/layers/index.js";
import { type Ended, fovea, workplace } from "../cli/fovea.js";
import { FILE_NAMES, harmless, isWellFormed, NAMES } from "./names.js";

const TINY = ["--image-size", "8x8", "--batch-size", "64", "--epochs", "1", "--model", "logistic"];

/** JSON of a command that ended well and printed nothing that a terminal obeys. */
function answer<T>(what: string, ended: Ended): T {
  harmless(what, ended);
  assert.equal(ended.code, 0, `${what}: ${ended.stderr.slice(0, 2000)}`);
  return JSON.parse(ended.stdout) as T;
}

test(`${NAMES.length} names: there are at least sixty, and all differ`, () => {
  assert.ok(NAMES.length >= 60);
  assert.equal(new Set(NAMES).size, NAMES.length);
});

test("names of classes and files: inspected, trained, asked, evaluated, reported", async (t) => {
  const folder = workplace(t);
  // A class a name; in it one file of that name and others. One name in two spellings of Unicode would be one class.
  const classes = FILE_NAMES.filter((name) => name !== "\u00e9");
  for (const [c, name] of classes.entries()) {
    mkdirSync(join(folder, "set", name), { recursive: true });
    for (let i = 1; i <= 6; i++)
      writeFileSync(
        join(folder, "set", name, `${i === 1 ? name : i}.png`),
        encodeHanzi(hanziImage("Train", "人口山木水火"[c % 6]!, 10 * c + i)),
      );
  }
  const sorted = [...classes].sort();
  const inspected = answer<{ class_names: string[] }>("inspect", await fovea(folder, "inspect", "set", "--json"));
  assert.deepEqual([...inspected.class_names].sort(), sorted);
  harmless("inspect as text", await fovea(folder, "inspect", "set", "--verify", "--out", "set.html"));
  const trained = await fovea(folder, "train", "set", ...TINY, "--out", "run");
  harmless("train", trained);
  assert.equal(trained.code, 0, trained.stderr);
  const images = classes.map((name) => join("set", name, `${name}.png`));
  const { predictions } = answer<{ predictions: { image: string; top: { class: string }[] }[] }>(
    "predict",
    await fovea(folder, "predict", "run", ...images, "--top", "200", "--json"),
  );
  assert.deepEqual(
    predictions.map(({ image }) => image),
    images,
  );
  for (const { top } of predictions) assert.deepEqual(top.map((row) => row.class).sort(), sorted);
  harmless("predict as text", await fovea(folder, "predict", "run", ...images));
  harmless("evaluate", await fovea(folder, "evaluate", "run", "set"));
  harmless("explain", await fovea(folder, "explain", "run", images[0]!, "--class", classes[0]!));
  for (const page of ["run/report.html", "set.html"]) {
    const html = readFileSync(join(folder, page), "utf8");
    assert.doesNotMatch(html, /<script>alert|<img src=x/, page);
  }
});

test("names of layers, and of classes in a model's facts", async (t) => {
  const folder = workplace(t);
  const usable: string[] = [];
  for (const name of NAMES) {
    // A name that cannot be a layer's is refused in one sentence; every other is told as it is.
    try {
      const model = sequential([input([8, 8, 1]), flatten(), dense(2, { name, activation: "softmax" })], { seed: 1 });
      assert.equal(model.layers.at(-1)!.name, name);
      usable.push(name);
    } catch (error) {
      assert.equal((error as Error).name, "FoveaError", `${JSON.stringify(name.slice(0, 50))}: ${error}`);
      assert.ok((error as Error).message.length < 5000);
    }
  }
  assert.ok(usable.includes("constructor") && usable.includes("东"));
  const model = sequential([
    input([8, 8, 1]),
    flatten(),
    ...usable.filter((name) => name.length < 1000).map((name) => dense(2, { name, kernelInitializer: "identity" })),
    dense(NAMES.length, { activation: "softmax" }),
  ]);
  writeFileSync(
    join(folder, "model.keras"),
    await saveKeras(model, {
      facts: {
        version: 1,
        classNames: NAMES,
        preprocessing: { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos" },
      },
    }),
  );
  writeFileSync(join(folder, "x.png"), encodeHanzi(hanziImage("Train", "人", 1)));
  const { predictions } = answer<{ predictions: { top: { class: string; index: number }[] }[] }>(
    "predict",
    await fovea(folder, "predict", "model.keras", "x.png", "--top", "200", "--json"),
  );
  for (const row of predictions[0]!.top) assert.equal(row.class, NAMES[row.index]);
  harmless("predict as text", await fovea(folder, "predict", "model.keras", "x.png", "--top", "200"));
  const summary = await fovea(folder, "summary", "model.keras");
  harmless("summary", summary);
  assert.equal(summary.code, 0, summary.stderr);
  for (const out of ["model.onnx", "web", "again.keras"])
    harmless(`convert to ${out}`, await fovea(folder, "convert", "model.keras", out));
});

test("names of columns, parameters and studies", async (t) => {
  const folder = workplace(t);
  // A column's name cannot hold what ends a line or a cell, and quotation marks double.
  const columns = NAMES.filter((name) => !/[\r\n\0]/.test(name) && name.trim() === name && isWellFormed(name));
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 30 }, (_, row) => [
    ...columns.map((_, column) => String(((row * 7 + column * 3) % 11) / 11)),
    String(row % 2),
  ]);
  const csv = [[...columns, "target"].map(quoted).join(","), ...rows.map((row) => row.join(","))].join("\n");
  writeFileSync(join(folder, "table.csv"), csv);
  const parameters = NAMES.filter((name) => name !== "" && !/[{}]/.test(name) && isWellFormed(name));
  const spec = (space: [string, unknown][], study: string) =>
    // Not an object literal: the key __proto__ would vanish.
    `{"study": ${JSON.stringify(study)}, "data": {"table": "table.csv", "target": "target"},
      "space": {${space.map(([name, range]) => `${JSON.stringify(name)}: ${JSON.stringify(range)}`).join(", ")}},
      "model": {"layers": [{"Dense": {"units": 2, "activation": "relu"}}, {"Dense": {"units": 1}}]},
      "training": {"optimizer": "adam", "loss": "mse", "epochs": 1, "batchSize": 30},
      "objective": "val_loss", "trials": 2}`;
  writeFileSync(
    join(folder, "all.json"),
    spec(
      parameters.map((name) => [name, { float: [0, 1] }]),
      "all parameters",
    ),
  );
  const ran = await fovea(folder, "tune", "run", "all.json", "--storage", "journal://log", "--threads", "1", "--json");
  harmless("tune run", ran);
  if (ran.code === 0) {
    const best = answer<{ params: object }>(
      "tune best",
      await fovea(folder, "tune", "best", "--study", "all parameters", "--storage", "journal://log", "--json"),
    );
    assert.deepEqual(Object.keys(best.params).sort(), [...parameters].sort());
    // A CSV on stdout may hold line breaks, in quotation marks.
    for (const command of [["show"], ["importance"], ["export", "--out", "trials.csv"]])
      harmless(
        command[0]!,
        await fovea(folder, "tune", ...command, "--study", "all parameters", "--storage", "journal://log"),
      );
  } else assert.match(ran.stderr, /^fovea: [^\n]{1,5000}\n$/m);

  // Eleven names of studies, each the first of its kind.
  const studies = ["constructor", "__proto__", "<script>alert(1)</script>", "\u001b[31mred\u001b[0m", "\u202egnp.exe"];
  for (const study of [...studies, "a/b", "..", "东", "-rf", "a\nTest Accuracy: 9.9999", "n".repeat(300)]) {
    writeFileSync(join(folder, "one.json"), spec([["rate", { float: [0, 1] }]], study));
    const once = await fovea(
      folder,
      "tune",
      "run",
      "one.json",
      "--storage",
      "journal://log",
      "--threads",
      "1",
      "--quiet",
    );
    harmless(`study ${study}`, once);
    if (once.code !== 0) assert.match(once.stderr, /^fovea: [^\n]{1,5000}\n$/m);
  }
  const { studies: listed } = answer<{ studies: { study: string }[] }>(
    "tune list",
    await fovea(folder, "tune", "list", "--storage", "journal://log", "--json"),
  );
  for (const study of studies)
    assert.ok(
      listed.some((entry) => entry.study === study),
      JSON.stringify(study),
    );
  harmless("tune list as text", await fovea(folder, "tune", "list", "--storage", "journal://log"));
});

test("names as options and arguments end in one sentence", async (t) => {
  const folder = workplace(t);
  const typed = NAMES.filter((name) => !name.includes("\0") && name.length < 1000 && isWellFormed(name));
  for (const name of typed.filter((_, i) => i % 6 === 0)) {
    for (const args of [[`--${name}`], ["--model", name], ["--optimizer", name]]) {
      const ended = await fovea(folder, "train", "nowhere", ...args);
      harmless(JSON.stringify(args), ended);
      if (name === "--help" || args[0] === "--help") continue;
      assert.ok(ended.code === 1 || ended.code === 2, `${JSON.stringify(args)}: ${ended.code} ${ended.stderr}`);
    }
  }
});
