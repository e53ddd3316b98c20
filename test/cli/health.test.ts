// `fovea health`: findings as text, JSON and a page; --fix writes what it says once, and train then warns of no copy.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { healthFolder } from "../cases/health-folder.js";
import { fovea, workplace } from "./fovea.js";

const CHECKS = ["--checks", "undecodable,copies,near-copies,leaks,dark"];

test("findings come as text and JSON, a page shows them, and --fix writes them once", async (t) => {
  const folder = workplace(t);
  healthFolder(join(folder, "photos"));
  const told = await fovea(folder, "health", "photos", ...CHECKS, "--out", "health.html");
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /2 images in training and test are the same, byte for byte: Train\/lake\/0\.png/);
  assert.match(told.stdout, /--fix would leave 6 images out, by entries in photos\/labels\.journal/);
  assert.match(readFileSync(join(folder, "health.html"), "utf8"), /Remedy:/);

  const fixed = await fovea(folder, "health", "photos", ...CHECKS, "--fix", "--json");
  const json = JSON.parse(fixed.stdout) as {
    findings: { kind: string; severity: string; files: string[]; evidence: string; remedy: string }[];
    counts: Record<string, number>;
    fix: object;
  };
  assert.deepEqual(json.counts, { undecodable: 1, leak: 2, label: 1, copy: 2, dark: 1 });
  assert.deepEqual(Object.keys(json.findings[0]!), ["kind", "severity", "files", "evidence", "remedy", "check"]);
  assert.deepEqual(json.fix, { journal: "photos/labels.journal", left_out: 6, relabelled: 0 });

  const again = await fovea(folder, "health", "photos", ...CHECKS, "--fix");
  assert.match(again.stdout, /--fix has nothing to write into photos\/labels\.journal/);
  assert.equal(
    readFileSync(join(folder, "photos", "labels.journal"), "utf8")
      .trim()
      .split("\n").length,
    5,
  );
});

test("wrong usage is one sentence", async (t) => {
  const folder = workplace(t);
  for (const [args, message] of [
    [["health", "photos", "--yes"], /--yes answers the questions of --fix/],
    [["health", "photos", "--checks", "colors"], /there is no check "colors"; there are undecodable/],
    [["health", "photos", "--out", "none/page.html"], /there is no folder none/],
  ] as const) {
    const { code, stderr } = await fovea(folder, ...args);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
