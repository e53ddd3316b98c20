// `fovea predict --log` and `fovea log verify`: the hashes are those of the files, and a changed log ends with status 1.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { tensor } from "../../src/core/tensor.js";
import { writeNpy } from "../../src/formats/index.js";
import { saveKeras, sequential } from "../../src/index.js";
import { dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

test("answers are logged with the hashes of model and photo, and changes of the log are told", async (t) => {
  const folder = workplace(t);
  const model = sequential([input([4, 6, 1]), rescaling(1 / 255), flatten(), dense(3, { activation: "softmax" })]);
  writeFileSync(join(folder, "m.keras"), await saveKeras(model));
  await model.close();
  const png = encode({ width: 6, height: 4, channels: 1, depth: 8, data: new Uint8Array(24).fill(90) });
  writeFileSync(join(folder, "a.png"), png);
  writeFileSync(join(folder, "bad.png"), "no image");
  writeFileSync(join(folder, "x.npy"), writeNpy(tensor(new Float32Array(48), [2, 4, 6, 1], "float32")));
  const sha256 = (name: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  const asked = await fovea(folder, "predict", "m.keras", "a.png", "bad.png", "x.npy", "--log", "d.jsonl", "--json");
  assert.equal(asked.code, 1);
  const { predictions, log } = JSON.parse(asked.stdout);
  assert.deepEqual([log.added, log.count], [4, 4]);
  const lines = readFileSync(join(folder, "d.jsonl"), "utf8").trimEnd().split("\n");
  const logged = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    logged.map(({ file, image, accepted }) => [file, image, accepted]),
    [
      ["a.png", sha256("a.png"), true],
      ["bad.png", sha256("bad.png"), false],
      ["x.npy[0]", sha256("x.npy"), true],
      ["x.npy[1]", sha256("x.npy"), true],
    ],
  );
  for (const line of logged) assert.equal(line.model, sha256("m.keras"));
  assert.deepEqual(logged[0].top, predictions[0].top);
  // Rows that are written as they come are logged as well.
  const streamed = await fovea(folder, "predict", "m.keras", "a.png", "--log", "d.jsonl", "--out", "o.csv");
  assert.match(streamed.stdout, /Logged: 1 in d\.jsonl, which has 5 lines now/);
  const whole = await fovea(folder, "log", "verify", "d.jsonl", "--count", "4", "--head", log.head);
  assert.deepEqual([whole.code, whole.stderr], [0, ""]);
  assert.match(whole.stdout, /is whole/);
  writeFileSync(join(folder, "d.jsonl"), `${[lines[0], lines[2], lines[1], lines[3]].join("\n")}\n`);
  const swapped = await fovea(folder, "log", "verify", "d.jsonl", "--json");
  assert.equal(swapped.code, 1);
  assert.deepEqual(
    JSON.parse(swapped.stdout).faults.map((fault: { kind: string; line: number }) => [fault.kind, fault.line]),
    [
      ["moved", 2],
      ["moved", 3],
    ],
  );
  const refused = await fovea(folder, "predict", "m.keras", "a.png", "--log", "a.png");
  assert.equal(refused.code, 1);
  assert.deepEqual(readFileSync(join(folder, "a.png")), Buffer.from(png));
});
