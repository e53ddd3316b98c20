// Options that would be ignored are mistakes, told before any work.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { fovea, workplace } from "./fovea.js";

test("options that say nothing to what was asked for are refused", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "a.png"), encode({ width: 2, height: 2, channels: 1, depth: 8, data: new Uint8Array(4) }));
  const cases: [readonly string[], RegExp][] = [
    [["similar", ".", "a.png", "--above", "0.9"], /--above is about duplicates; add --duplicates/],
    [["similar", ".", "--duplicates", "--top", "3"], /--top is about images like another/],
    [["similar", ".", "--duplicates", "--rescale", "none"], /--rescale belongs to a network; name it with --model/],
    [
      ["similar", ".", "a.png", "--model", "m.keras", "--alpha", "0.5"],
      /--alpha belongs to a network given by its name/,
    ],
    [["convert", "m.keras", "m.onnx", "--classes", "3"], /--classes belongs to a known network/],
  ];
  const ended = await Promise.all(cases.map(([args]) => fovea(folder, ...args)));
  for (const [i, { code, stderr }] of ended.entries()) {
    assert.equal(code, 2, stderr);
    assert.match(stderr, cases[i]![1]);
  }
});
