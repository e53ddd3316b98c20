// Deployed models without a browser: the compact form, the one file with its policy, the folder whose older files go, and refusals.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { unzipSync } from "fflate";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { codecBytes } from "../../src/data/index.js";
import { optionsOf } from "../../src/experiment/deploy/settings.js";
import { type Deployment, deploy, openCompact, writeDeployed } from "../../src/experiment/index.js";
import { writeZip } from "../../src/formats/containers/zip.js";
import { loadCompact, saveCompact } from "../../src/formats/models/compact.js";
import type { FoveaFacts } from "../../src/formats/models/fovea-facts.js";
import { defaultPlace, saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import { deployed } from "../../studio/workbench/deployed.js";

const NAMES = ["太", "</script><b>x</b>", "-->"];
const FACTS: FoveaFacts = {
  version: 1,
  task: { kind: "classification", classNames: NAMES },
  classNames: NAMES,
  preprocessing: {
    imageSize: [6, 5],
    color: "grayscale",
    interpolation: "bilinear",
    orientation: "exif",
    depth: "scaled",
  },
};

const network = () =>
  sequential([input([6, 5, 1]), rescaling(1 / 255), conv2d(3, 3), flatten(), dense(3, { activation: "softmax" })]);

let directory = "";
let file = "";
before(async () => {
  directory = mkdtempSync(join(tmpdir(), "fovea-deploy-"));
  file = join(directory, "letters.keras");
  const model = network();
  writeFileSync(file, await saveKeras(model, { facts: FACTS }));
  await model.close();
});
after(() => rmSync(directory, { recursive: true, force: true }));

test("a compact model has the weights, the objective and the facts, and gives the same answers", async () => {
  const model = network();
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const bytes = await saveCompact({ model, facts: FACTS });
  assert.deepEqual(bytes, await saveCompact({ model, facts: FACTS }), "the same model gives the same bytes");
  const loaded = await loadCompact(bytes, defaultPlace);
  const x = tensor(
    Uint8Array.from({ length: 60 }, (_, i) => (7 * i) % 256),
    [2, 6, 5, 1],
    "uint8",
  );
  assert.deepEqual(await loaded.model.predict(x), await model.predict(x));
  assert.equal(await loaded.model.weightsSha256(), await model.weightsSha256());
  assert.equal(loaded.model.trainer.objective[0]!.loss.className, "CategoricalCrossentropy");
  assert.deepEqual([loaded.facts, loaded.warnings], [FACTS, []]);
  await Promise.all([loaded.model.close(), model.close()]);
});

test("weights that 16 bits say to the bit take half the room, and come back as they were", async () => {
  const model = sequential([input([64]), dense(64)]);
  const [kernel, bias] = await model.getWeights();
  const whole = await saveCompact({ model, facts: undefined });
  const halves = Float32Array.from(kernel!.data, (value) => Math.round(value * 256) / 256);
  // Zero keeps its sign.
  halves[0] = -0;
  await model.setWeights([tensor(halves, [64, 64], "float32"), bias!]);
  const short = await saveCompact({ model, facts: undefined });
  assert.ok(short.length < 0.6 * whole.length, `${short.length} bytes of ${whole.length}`);
  const loaded = await loadCompact(short, defaultPlace);
  assert.equal(await loaded.model.weightsSha256(), await model.weightsSha256());
  await Promise.all([loaded.model.close(), model.close()]);
});

test("bytes that are no compact model are refused in a sentence", async () => {
  const refusal = (bytes: Uint8Array, expected: RegExp) =>
    assert.rejects(loadCompact(bytes, { ...defaultPlace, file: "m" }), (error: unknown) => {
      assert.ok(error instanceof FoveaError && expected.test(error.message), String(error));
      return true;
    });
  await refusal(Uint8Array.of(1, 2, 3), /^m: expected a model in compact form, found other bytes/);
  await refusal(
    writeZip([
      ["a", Uint8Array.of(1)],
      ["b", new Uint8Array(40)],
    ]),
    /with config\.json in it/,
  );
  const small = sequential([input([2]), dense(1)]);
  const large = sequential([input([2]), dense(1), dense(1)]);
  const [first, two] = [
    await saveCompact({ model: small, facts: undefined }),
    await saveCompact({ model: large, facts: undefined }),
  ];
  const mixed = { ...unzipSync(two), "weights.safetensors": unzipSync(first)["weights.safetensors"]! };
  await refusal(writeZip(Object.entries(mixed)), /the model has 4 weights, the file 2/);
  await Promise.all([small.close(), large.close()]);
});

const textOf = ({ files }: Deployment): string => new TextDecoder().decode(files.get("")!);

test("one file: its policy names its script and its style by their hashes, and no word of data is part of it", async () => {
  const made = await deploy(file, "page");
  const html = textOf(made);
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(html)!;
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(html)!;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html)!;
  assert.match(policy!, /^default-src 'none';/);
  assert.ok(policy!.includes(`script-src ${hash(script!)} 'wasm-unsafe-eval'`));
  assert.ok(policy!.includes(`style-src ${hash(style!)};`));
  assert.doesNotMatch(policy!, /connect-src|unsafe-inline|'unsafe-eval'|https?:|\*/);
  for (const word of ["<b>x</b>", "太", "letters"]) assert.ok(!html.includes(word), word);
  assert.equal(made.sizes.at(-1)!.bytes, made.files.get("")!.length);
  assert.equal(
    made.sizes.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0),
    made.files.get("")!.length,
  );
  // A model without facts about trust has no sets, and asks for none.
  assert.equal(made.options, "");
});

test("the parts of the file are the engine's, and its model opens to the same weights", async () => {
  const html = textOf(await deploy(file, "page"));
  const part = (name: string): Uint8Array => {
    const [, form, text] = new RegExp(`id="part-${name}" data-form="(\\w+)">([^<]*)<`).exec(html)!;
    const bytes = Buffer.from(text!, "base64");
    return form === "deflate" ? new Uint8Array(inflateRawSync(bytes)) : new Uint8Array(bytes);
  };
  assert.deepEqual(part("jpeg"), new Uint8Array(await codecBytes("jpeg")));
  const settings = JSON.parse(new TextDecoder().decode(part("settings"))) as { name: string; weights: string };
  assert.equal(settings.name, "letters");
  const opened = await openCompact(part("model"));
  assert.equal(await opened.original.weightsSha256(), settings.weights);
  assert.deepEqual(opened.classNames, NAMES);
  await opened.model.close();
});

test("a folder: files by their hashes, older ones go, and those of somebody else stay", async () => {
  const folder = join(directory, "site");
  await writeDeployed(await deploy(file, "folder"), folder);
  writeFileSync(join(folder, "note.txt"), "mine");
  const first = readdirSync(folder);
  await writeDeployed(await deploy(file, "folder", { top: 2 }), folder);
  const second = readdirSync(folder);
  const settings = (names: readonly string[]): string => names.find((name) => name.startsWith("settings-"))!;
  assert.notEqual(settings(first), settings(second));
  assert.equal(second.length, first.length);
  assert.ok(existsSync(join(folder, "note.txt")));
});

test("the Studio gives out a page as a file and the others as zips", async () => {
  const page = await deployed(file, "letters", "page");
  assert.deepEqual([page.type, page.name], ["text/html", "letters.html"]);
  const program = await deployed(file, "letters", "node");
  assert.deepEqual(Object.keys(unzipSync(program.bytes)).sort(), [
    "letters-node/README.md",
    "letters-node/main.mjs",
    "letters-node/model.keras",
    "letters-node/package.json",
  ]);
  await assert.rejects(deployed(file, "letters", "toaster"), /there is no form toaster; expected page, folder, node/);
});

test("the options that a page names are those of its rules", () => {
  const rules = { coverage: 0.9, ranges: "quantile", perClass: false, novelty: false } as const;
  const words = "--coverage 0.9 --ranges quantile --no-novelty --top 3";
  assert.equal(optionsOf({ rules, top: 3, calibration: true }), words);
  assert.equal(optionsOf({ rules: { novelty: true }, top: 5, calibration: false }), "--no-calibration");
});

test("rules without facts and models without answers are refused before anything is written", async () => {
  await assert.rejects(deploy(file, "page", { rules: { coverage: 0.9 } }), /has no facts about calibration/);
  const maps = join(directory, "maps.keras");
  const model = sequential([input([6, 5, 1]), conv2d(2, 3)]);
  writeFileSync(maps, await saveKeras(model));
  await model.close();
  await assert.rejects(deploy(maps, "page"), /gives maps, which a page cannot show/);
});
