// Two classes of 12 pictures, 16 of the 24 twice: how many test images are copies of others is said before training.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "../cli/fovea.js";
import { load, photo, write } from "./class-folders.js";

/** 12 pictures a class, the first eight of them twice. */
function twice(folder: string): string {
  for (const [k, name] of ["no", "yes"].entries())
    for (let i = 0; i < 12; i++)
      for (let copy = 0; copy < (i < 8 ? 2 : 1); copy++)
        write(folder, { [`${name}/${i}-${copy}.png`]: photo(100 * k + i) });
  return folder;
}

test("the copies among validation and test images are counted", async (t) => {
  const folder = twice(workplace(t));
  let leaks = 0;
  for (const seed of [0, 1, 2, 123]) {
    const { parts, findings } = await load(folder, { seed });
    const pictures = (part: keyof typeof parts): string[] =>
      Array.from(parts[part].rows, (row) => parts[part].samples.files[row]!.replace(/-\d\.png$/, ""));
    const [train, validation, judged] = [pictures("train"), pictures("validation"), pictures("test")];
    const expected = [
      { name: "validation", part: validation, earlier: train },
      { name: "test", part: judged, earlier: [...train, ...validation] },
    ]
      .map(
        ({ name, part, earlier }) =>
          [part.filter((image) => earlier.includes(image)).length, part.length, name] as const,
      )
      .filter(([count]) => count > 0);
    leaks += expected.length;
    const said = findings.filter(({ kind }) => kind === "leak").map(({ evidence }) => evidence);
    assert.deepEqual(
      said.map((evidence) => /^\d+ of the \d+ \w+ images/.exec(evidence)![0]),
      expected.map(([count, total, name]) => `${count} of the ${total} ${name} images`),
    );
  }
  assert.ok(leaks > 4, "the case is none without copies across parts");
});

test("train says so on the terminal, in JSON, in facts and in the report", async (t) => {
  const folder = workplace(t);
  twice(join(folder, "set"));
  const how = ["train", "set", "--model", "logistic", "--image-size", "8x8", "--epochs", "1", "--out", "run"];
  const { stdout, stderr, code } = await fovea(folder, ...how, "--json");
  assert.equal(code, 0, stderr);
  const said = /\d+ of the \d+ test images are copies, byte for byte/;
  const before = stderr.slice(0, stderr.indexOf("Epoch"));
  assert.match(before, said, "before the first epoch");
  assert.match((JSON.parse(stdout) as { warnings: string[] }).warnings.join("\n"), said);
  const { facts } = JSON.parse(readFileSync(join(folder, "run/facts.json"), "utf8")) as {
    facts: { warnings: string[] };
  };
  assert.match(facts.warnings.join("\n"), said);
  assert.match(readFileSync(join(folder, "run/report.html"), "utf8"), said);
});
