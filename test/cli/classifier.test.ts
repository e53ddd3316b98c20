// `fovea evaluate` and `explain` ask for classes: a model that gives something else is refused in one sentence.
// `predict` shows what it gives; only several inputs are too many.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { openClassifier } from "../../src/experiment/models/trained-model.js";
import { model as functional, type Model, saveKeras, sequential } from "../../src/index.js";
import { add, conv2d, dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

const image = () => input([12, 10, 1]);
const single = (activation: "linear" | "sigmoid" = "linear") =>
  sequential([image(), globalAveragePooling2d(), dense(1, { activation })]);

test("a model that gives no classes is told what it gives", async (t) => {
  const directory = workplace(t);
  const at = (name: string): string => join(directory, name);
  const save = async (name: string, model: Model, classNames?: readonly string[]): Promise<string> => {
    const facts = classNames && { facts: { version: 1, classNames } as const };
    writeFileSync(at(`${name}.keras`), await saveKeras(model, facts));
    await model.close();
    return at(`${name}.keras`);
  };
  for (const [n, folder] of ["cats", "dogs"].entries()) {
    mkdirSync(at(`photos/${folder}`), { recursive: true });
    const data = Uint8Array.from({ length: 120 }, (_, i) => (i * 37 * (n + 1)) % 256);
    writeFileSync(at(`photos/${folder}/a.png`), encode({ width: 10, height: 12, channels: 1, depth: 8, data }));
  }
  const [first, other] = [image(), image()];
  const pooled = globalAveragePooling2d().apply(first);
  const both = functional({ inputs: first, outputs: [dense(3).apply(pooled), dense(4).apply(pooled)] });
  const together = globalAveragePooling2d().apply(add().apply([first, other]));
  const regression = single();
  regression.compile({ optimizer: "adam", loss: "meanSquaredError" });

  const refused: [string, RegExp][] = [
    [await save("two", both), /two\.keras puts out 2 results for an image; expected a classifier/],
    [
      await save("maps", sequential([image(), conv2d(4, 3)])),
      /maps\.keras puts out a result of shape \[10, 8, 4\] for/,
    ],
    [
      await save("regression", regression),
      /regression\.keras puts out a single number, learned by MeanSquaredError, for an image; expected a classifier/,
    ],
    [
      await save("pair", functional({ inputs: [first, other], outputs: dense(3).apply(together) })),
      /pair\.keras takes 2 inputs; expected a model of one, the image/,
    ],
  ];
  const photo = join("photos", "cats", "a.png");
  const commands: ((file: string) => string[])[] = [
    (file) => ["evaluate", file, "photos"],
    (file) => ["explain", file, photo, "--method", "saliency"],
    (file) => ["explain", file],
  ];
  for (const [i, [file, message]] of refused.entries()) {
    // Each command meets two of them.
    for (const command of [commands[i % commands.length]!, commands[(i + 1) % commands.length]!]) {
      const args = command(file);
      const { code, stderr, stdout } = await fovea(directory, ...args);
      assert.deepEqual([code, stdout], [1, ""], args.join(" "));
      assert.match(stderr, message);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    }
  }

  const pair = await fovea(directory, "predict", at("pair.keras"), photo);
  assert.deepEqual([pair.code, pair.stdout], [1, ""]);
  assert.match(pair.stderr, /pair\.keras takes 2 inputs/);

  const opened = async (...args: Parameters<typeof openClassifier>): Promise<string | undefined> => {
    const { model, original } = await openClassifier(...args);
    await model.close();
    return original.compiled ? "compiled" : undefined;
  };
  const unknown = await save("unknown", single());
  await assert.rejects(opened(unknown), /puts out a single number for an image/);
  await opened(unknown, { assumeClasses: true });
  await opened(await save("named", single(), ["cats", "dogs"]), { compile: false });
  await opened(await save("sigmoid", single("sigmoid")));
  const logit = single();
  logit.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
  assert.equal(await opened(await save("logit", logit), { compile: false }), "compiled", "its loss had to say it");
});
