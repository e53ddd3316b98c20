// Decision logs: what was changed, removed, swapped or cut is told with its line; programs that are killed leave no decision
// torn; the hashes are those of other programs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type DecisionEntry,
  openDecisionLog,
  readDecisions,
  verifyDecisionLog,
} from "../../src/experiment/decisions/index.js";
import { memoryFiles } from "../../src/platform/files/memory-files.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const MODEL = sha256("model");
const decision = (n: number): DecisionEntry => ({
  model: MODEL,
  image: sha256(`photo ${n}`),
  file: `photos/照片${n}.jpg`,
  task: "classification",
  accepted: true,
  top: [{ class: "dent", index: 0, probability: 0.75 }],
  threshold: 0.5,
});

/** A log of so many lines in memory. */
async function logOf(count: number) {
  const files = memoryFiles();
  const log = await openDecisionLog("a.jsonl", { files });
  for (let n = 0; n < count; n += 2)
    await log.add(Array.from({ length: Math.min(2, count - n) }, (_, i) => decision(n + i)));
  const lines = (await files.readText("a.jsonl")).trimEnd().split("\n");
  const check = async (changed: readonly string[], options = {}) => {
    await files.writeAtomic("b.jsonl", changed.map((line) => `${line}\n`).join(""));
    return verifyDecisionLog("b.jsonl", { files, ...options });
  };
  return { files, log, lines, check };
}

test("each line has the hash of the line before, and a log that nobody touched is whole", async () => {
  const { files, log, lines, check } = await logOf(7);
  assert.equal(JSON.parse(lines[0]!).previous, "0".repeat(64));
  for (let n = 1; n < 7; n++) assert.equal(JSON.parse(lines[n]!).previous, sha256(lines[n - 1]!));
  assert.deepEqual(await check(lines), {
    isWhole: true,
    faults: [],
    isTorn: false,
    count: 7,
    head: sha256(lines[6]!),
  });
  assert.deepEqual(await log.head(), { count: 7, head: sha256(lines[6]!) });
  const read = [];
  for await (const line of readDecisions("a.jsonl", { files })) read.push(line);
  assert.deepEqual(
    read.map(({ line, file, threshold }) => [line, file, threshold]),
    Array.from({ length: 7 }, (_, n) => [n + 1, `photos/照片${n}.jpg`, 0.5]),
  );
});

test("one byte changed, wherever it is, is told with its line", async () => {
  const { lines, check } = await logOf(3);
  for (let n = 0; n < 3; n++)
    for (let at = 0; at < lines[n]!.length; at += 7) {
      const changed = [...lines];
      const line = lines[n]!;
      changed[n] = `${line.slice(0, at)}${line[at] === "1" ? "2" : "1"}${line.slice(at + 1)}`;
      const { isWhole, faults } = await check(changed);
      assert.equal(isWhole, false);
      assert.deepEqual(
        faults.map(({ kind, line }) => [kind, line]),
        [["changed", n + 1]],
        `byte ${at} of line ${n + 1}`,
      );
    }
});

test("lines that are removed, swapped, repeated and written anew are told with their places", async () => {
  const { lines, check, files } = await logOf(8);
  const faults = async (changed: readonly string[]) =>
    (await check(changed)).faults.map(({ kind, line }) => `${kind} ${line}`);
  const without = (...places: readonly number[]) => lines.filter((_, at) => !places.includes(at + 1));
  assert.deepEqual(await faults(without(3)), ["missing 3"]);
  assert.deepEqual(await faults(without(1)), ["missing 1"]);
  assert.match((await check(without(3, 4, 6))).faults[0]!.told, /^lines 3 to 4 of the log are missing/);
  const swapped = [...lines];
  [swapped[1], swapped[4]] = [lines[4]!, lines[1]!];
  assert.deepEqual(await faults(swapped), ["moved 2", "moved 5"]);
  assert.deepEqual(await faults([...lines.slice(0, 3), ...lines.slice(2)]), ["repeated 4"]);
  // Somebody who knows how lines are made cannot change one without all that follow it.
  await files.removeFile("c.jsonl");
  const other = await openDecisionLog("c.jsonl", { files });
  await other.add([decision(0)]);
  await other.add([{ ...decision(1), top: [{ class: "none", index: 1, probability: 0.9 }] }], new Date(0));
  const forged = (await files.readText("c.jsonl")).split("\n")[1]!;
  const replaced = [...lines];
  replaced[1] = forged.replace(/"previous":"\w+"/, `"previous":"${sha256(lines[0]!)}"`);
  const content = `${replaced[1].replace(/,"sha256":"\w+"\}$/, "")}}`;
  replaced[1] = `${content.slice(0, -1)},"sha256":"${sha256(content)}"}`;
  assert.deepEqual(await faults(replaced), ["replaced 2"]);
});

test("what is cut off at the end is told by the count and hash that somebody kept", async () => {
  const { lines, check } = await logOf(5);
  const kept = { count: 5, head: sha256(lines[4]!) };
  assert.equal((await check(lines.slice(0, 3))).isWhole, true);
  assert.match((await check(lines.slice(0, 3), kept)).faults[0]!.told, /had 5 lines and has 3/);
  assert.equal((await check(lines.slice(0, 3), { head: kept.head })).faults[0]!.kind, "head");
  // More lines may have come since.
  assert.equal((await check(lines, { count: 3, head: sha256(lines[2]!) })).isWhole, true);
  assert.equal((await check(lines, { count: 3, head: kept.head })).faults[0]!.kind, "head");
});

test("a torn last line is no decision, and the next addition cuts it off", async () => {
  const { files, lines } = await logOf(3);
  const last = lines[2]!;
  for (const length of [1, 20, last.length - 1]) {
    await files.writeAtomic("t.jsonl", `${lines.slice(0, 2).join("\n")}\n${last.slice(0, length)}`);
    assert.deepEqual(
      (({ isWhole, isTorn, count }) => ({ isWhole, isTorn, count }))(await verifyDecisionLog("t.jsonl", { files })),
      {
        isWhole: true,
        isTorn: true,
        count: 2,
      },
    );
    const log = await openDecisionLog("t.jsonl", { files });
    assert.equal((await log.add([decision(9)])).count, 3);
    assert.equal(log.mended, Buffer.byteLength(last.slice(0, length)));
    assert.equal((await verifyDecisionLog("t.jsonl", { files })).isTorn, false);
  }
  // A line that lacks nothing but its break stays.
  await files.writeAtomic("t.jsonl", lines.join("\n"));
  const log = await openDecisionLog("t.jsonl", { files });
  assert.equal((await log.add([decision(9)])).count, 4);
  assert.deepEqual((await verifyDecisionLog("t.jsonl", { files })).faults, []);
  // Another file is no torn log.
  for (const text of ["notes", "notes\nof mine\n", '{"a":1}\n{"b"']) {
    await files.writeAtomic("notes.txt", text);
    await assert.rejects(openDecisionLog("notes.txt", { files }), /no line of a decision log/);
    assert.equal(await files.readText("notes.txt"), text);
  }
});

const ADDING = `
import { openDecisionLog } from ${JSON.stringify(new URL("../../src/experiment/decisions/index.js", import.meta.url).href)};
const log = await openDecisionLog(process.argv[2], { lockGrace: 0.2 });
const entry = { model: "${MODEL}", file: "a.png", accepted: true, note: "x".repeat(2000) };
for (;;) await log.add([entry, entry, entry]);
`;

test("programs that add at once and are killed leave a log that is whole", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fovea-decisions-"));
  try {
    const [path, program] = [join(folder, "d.jsonl"), join(folder, "adding.mjs")];
    await writeFile(program, ADDING);
    const children = [0, 1].map(() => spawn(process.execPath, [program, path], { stdio: "inherit" }));
    const ends = children.map((child) => new Promise((resolve) => child.on("exit", resolve)));
    const size = (): Promise<number> =>
      stat(path).then(
        (facts) => facts.size,
        () => 0,
      );
    while ((await size()) < 100_000) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(ends);
    await appendFile(path, '{"line":');
    const log = await openDecisionLog(path, { lockGrace: 0.2 });
    const { count, head } = await log.add([decision(1)]);
    assert.ok(log.mended >= 8 && count > 10);
    assert.deepEqual(await verifyDecisionLog(path, { count, head }), {
      isWhole: true,
      faults: [],
      isTorn: false,
      ...{ count, head },
    });
    assert.ok((await readFile(path, "utf8")).endsWith("\n"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
