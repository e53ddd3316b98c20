// Class names that cannot be those of the outputs are said and never shown, whoever gives them: the file or the user.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { convertFile, openAny, predictFiles } from "../../src/experiment/index.js";
import { loadTfjs, saveTfjs } from "../../src/formats/index.js";
import { FoveaError, type Model, saveKeras, sequential } from "../../src/index.js";
import { dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "../cli/fovea.js";

const sixClasses = (): Model =>
  sequential([input([4, 4, 1]), rescaling(1 / 255), globalAveragePooling2d(), dense(6, { activation: "softmax" })]);

const NUMBERS = ["0", "1", "2", "3", "4", "5"];

test("names of a file that do not fit are said, and classes go by number", async (t) => {
  const folder = workplace(t);
  const picture = join(folder, "p.png");
  const data = Uint8Array.from({ length: 16 }, (_, i) => i * 16);
  writeFileSync(picture, encode({ width: 4, height: 4, channels: 1, depth: 8, data }));
  for (const [classNames, sentence] of [
    [["a", "b", "c", "d", "e"], /has 5 class names for 6 outputs of the model; its names are left out/],
    [["a", "b", "c", "d", "a", "f"], /names the classes 0 and 4 both "a"; its names are left out/],
  ] as const) {
    const model = sixClasses();
    const file = join(folder, "m.keras");
    writeFileSync(file, await saveKeras(model, { facts: { version: 1, classNames } }));
    await model.close();
    const opened = await openAny(file);
    assert.match(opened.warnings.join(), sentence);
    const { answers } = await predictFiles(opened, [picture], { top: 6 });
    await opened.model.close();
    assert.ok("top" in answers[0]!);
    assert.deepEqual(answers[0].top.map((entry) => entry.class).sort(), NUMBERS);
    const { stderr, stdout } = await fovea(folder, "predict", file, picture, "--top", "6", "--json");
    assert.match(stderr, sentence);
    assert.match((JSON.parse(stdout) as { warnings: string[] }).warnings.join(), sentence);
    const { facts, warnings } = await convertFile(file, join(folder, "again.keras"));
    assert.equal(facts?.classNames, undefined);
    assert.match(warnings.join(), sentence);
  }
});

test("--labels takes lines, Teachable Machine's lines and a JSON list, and refuses what does not fit", async (t) => {
  const folder = workplace(t);
  const file = join(folder, "m.keras");
  const model = sixClasses();
  writeFileSync(file, await saveKeras(model));
  await model.close();
  const names = ["cat", "dog", "东", "e 5", "[other]", "f"];
  const labels = join(folder, "labels");
  for (const text of [
    `${names.join("\n")}\n`,
    `\ufeff${names.join("\r\n")}`,
    names.map((name, i) => `${i} ${name}`).join("\n"),
    JSON.stringify(names),
    JSON.stringify({ tmVersion: "2.4.4", labels: names }),
  ]) {
    writeFileSync(labels, text);
    const opened = await openAny(file, { labels });
    await opened.model.close();
    assert.deepEqual(opened.classNames, names);
  }
  for (const [text, sentence] of [
    ["a\nb\nc", /labels has 3 class names for 6 outputs of the model; expected one name for each class/],
    ["a\nb\nc\nd\ne\nb", /labels names the classes 1 and 5 both "b"/],
    ["a\nb\n\nd\ne\nf", /expected the name of a class on each line, found an empty one/],
    ["", /expected the name of a class on each line, found none/],
    ["[1, 2]", /expected a JSON list of class names/],
  ] as const) {
    writeFileSync(labels, text);
    await assert.rejects(
      openAny(file, { labels }),
      (error) => error instanceof FoveaError && sentence.test(error.message),
    );
  }
});

test("a shard whose name no file can have is a sentence", async () => {
  const model = sixClasses();
  const files = await saveTfjs(model);
  await model.close();
  const json = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as {
    weightsManifest: [{ paths: string[] }];
  };
  for (const path of ["a\0b", "a\nb", ""]) {
    json.weightsManifest[0].paths = [path];
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    await assert.rejects(
      loadTfjs(bytes, async () => assert.fail("no file may be looked for")),
      /names the shard ".*", which is no name of a file/,
    );
  }
});
