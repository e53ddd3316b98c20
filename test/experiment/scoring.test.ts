// Scoring in shards: the merged table is the whole one to the byte, whatever was killed, repeated or unreadable on the way.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encode } from "fast-png";
import { type OpenedModel, openAny, predictFiles } from "../../src/experiment/models/index.js";
import {
  formOf,
  mergeScores,
  openScoreSource,
  type ScoreSource,
  scoreImages,
  shardName,
  shardOf,
} from "../../src/experiment/scoring/index.js";
import { blocksOf } from "../../src/experiment/scoring/shard.js";
import { saveKeras, sequential } from "../../src/index.js";
import { dense, flatten, input, rescaling } from "../../src/nn/layers/index.js";

const IMAGES = 300;
let folder = "";
let opened: OpenedModel;
let source: ScoreSource;
const at = (name: string): string => join(folder, name);
const png = (seed: number): Uint8Array =>
  encode({
    width: 6,
    height: 5,
    channels: 1,
    depth: 8,
    data: Uint8Array.from({ length: 30 }, (_, i) => (seed * 37 + i * 11) & 255),
  });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "fovea-score-"));
  mkdirSync(at("photos"));
  for (let n = 0; n < IMAGES; n++) writeFileSync(at(`photos/${String(n).padStart(3, "0")}.png`), png(n));
  writeFileSync(at("photos/130.png"), "no image");
  writeFileSync(at("photos/299.png"), png(299).subarray(0, 40));
  const model = sequential([input([5, 6, 1]), rescaling(1 / 255), flatten(), dense(3, { activation: "softmax" })], {
    seed: 1,
  });
  writeFileSync(at("model.keras"), await saveKeras(model));
  await model.close();
  opened = await openAny(at("model.keras"));
  source = await openScoreSource(at("photos"));
});
after(async () => {
  await opened.model.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a shard is said, or told by the engine that started the process", () => {
  const of = (text: string, variables: Readonly<Record<string, string>> = {}) => {
    const { index, count } = shardOf(text, (name) => variables[name]);
    return `${index}/${count}`;
  };
  assert.equal(of("3/16"), "3/16");
  assert.equal(of("env/16", { JOB_COMPLETION_INDEX: "0" }), "1/16");
  assert.equal(of("env", { AWS_BATCH_JOB_ARRAY_INDEX: "15", AWS_BATCH_JOB_ARRAY_SIZE: "16" }), "16/16");
  assert.equal(of("env", { CLOUD_RUN_TASK_INDEX: "2", CLOUD_RUN_TASK_COUNT: "4" }), "3/4");
  const slurm = { SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "10", SLURM_ARRAY_TASK_STEP: "5" };
  assert.equal(of("env", { ...slurm, SLURM_ARRAY_TASK_ID: "20" }), "3/4");
  assert.throws(() => of("env", { ...slurm, SLURM_ARRAY_TASK_ID: "21" }), /no step of a Slurm array/);
  assert.throws(() => of("env", { JOB_COMPLETION_INDEX: "0" }), /does not say how many shards .* env\/16/);
  assert.throws(() => of("env", { JOB_COMPLETION_INDEX: "0", CLOUD_RUN_TASK_INDEX: "0" }), /both set/);
  assert.throws(() => of("env/4", { JOB_COMPLETION_INDEX: "4" }), /shard 5 of 4/);
  for (const text of ["0/4", "5/4", "3", "a/4", "1/0", "-1/4", "1/4/2"]) assert.throws(() => of(text), /shard/, text);
  assert.throws(() => of("env"), /none of JOB_COMPLETION_INDEX/);
  assert.equal(shardName({ index: 3, count: 16 }), "03-of-16");
});

test("the blocks of all shards are all blocks, each once", () => {
  for (const [images, count] of [
    [1, 3],
    [1000, 1],
    [1000, 7],
    [128 * 16, 16],
    [129, 2],
  ] as const) {
    const ranges = Array.from({ length: count }, (_, i) => blocksOf(images, { index: i + 1, count }));
    const all = ranges.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i));
    assert.deepEqual(all, [...new Array(Math.ceil(images / 128)).keys()]);
  }
});

for (const form of ["csv", "jsonl", "parquet"])
  test(`merged shards are the whole table to the byte: ${form}`, async () => {
    const whole = await scoreImages(opened, source, at(`whole.${form}`));
    assert.deepEqual([whole.rows, whole.refused, whole.wasDone], [IMAGES, 2, false]);
    const parts: string[] = [];
    for (const index of [2, 4, 1, 3]) {
      const part = at(`part-${index}.${form}`);
      await scoreImages(opened, source, part, { shard: { index, count: 4 } });
      parts.push(part);
    }
    const merged = await mergeScores(parts, at(`merged.${form}`));
    assert.deepEqual([merged.rows, merged.shards, merged.sha256], [IMAGES, 4, whole.sha256]);
    assert.deepEqual(readFileSync(at(`merged.${form}`)), readFileSync(at(`whole.${form}`)));
    assert.deepEqual(readFileSync(at(`merged.${form}.json`)), readFileSync(at(`whole.${form}.json`)));
    assert.equal(
      createHash("sha256")
        .update(readFileSync(at(`whole.${form}`)))
        .digest("hex"),
      whole.sha256,
    );
    assert.ok(!existsSync(at(`whole.${form}.progress`)) && !existsSync(at(`whole.${form}.lock`)));
  });

test("rows are the answers of predict, refusals too", async () => {
  const rows = readFileSync(at("whole.jsonl"), "utf8").trimEnd().split("\n");
  const answered = rows.map((row) => {
    const { sha256, ...answer } = JSON.parse(row) as { sha256?: string; image: string };
    assert.equal(sha256, createHash("sha256").update(readFileSync(answer.image)).digest("hex"));
    return answer;
  });
  const { answers } = await predictFiles(
    opened,
    answered.map(({ image }) => image),
  );
  assert.deepEqual(answered, JSON.parse(JSON.stringify(answers)));
  const [head, first] = readFileSync(at("whole.csv"), "utf8").split("\n");
  assert.equal(head, "image,sha256,predicted_class,probability_0,probability_1,probability_2,accepted,reason,error");
  const top = answers[0]! as unknown as { top: { class: string; index: number; probability: number }[] };
  const cells = first!.split(",");
  assert.equal(cells[2], top.top[0]!.class);
  for (const { index, probability } of top.top) assert.equal(Number(cells[3 + index]), Math.fround(probability));
});

test("work that was stopped goes on behind its last whole block, and ends in the same bytes", async () => {
  const out = at("stopped.csv");
  const stop = new AbortController();
  const stopped = scoreImages(opened, source, out, { signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(stopped, /abort/i);
  assert.ok(!existsSync(out));
  // A process that is killed while it writes leaves a torn line.
  const progress = readFileSync(`${out}.progress`);
  writeFileSync(`${out}.progress`, Buffer.concat([progress, progress.subarray(100, 300)]));
  const resumed = await scoreImages(opened, source, out);
  assert.deepEqual([resumed.resumed, resumed.rows], [128, IMAGES]);
  assert.deepEqual(readFileSync(out), readFileSync(at("whole.csv")));
});

test("a part that is done is left as it is, and one of another scoring is never overwritten", async () => {
  const out = at("part-1.csv");
  const again = await scoreImages(opened, source, out, { shard: { index: 1, count: 4 } });
  assert.equal(again.wasDone, true);
  await assert.rejects(scoreImages(opened, source, out, { shard: { index: 2, count: 4 } }), /is of another shard/);
  await assert.rejects(
    scoreImages(opened, source, out, { shard: { index: 1, count: 4 }, calibration: false }),
    /is of other settings; name another file/,
  );
  writeFileSync(at("mine.csv"), "my own table\n");
  await assert.rejects(scoreImages(opened, source, at("mine.csv")), /is there already, and no score wrote it/);
  assert.equal(readFileSync(at("mine.csv"), "utf8"), "my own table\n");
  assert.throws(() => formOf("scores.xlsx"), /\.csv, \.jsonl, \.parquet/);
});

test("merge names what is missing, there twice, of another scoring or changed", async () => {
  const part = (index: number): string => at(`part-${index}.csv`);
  const merge = (...parts: string[]) => mergeScores(parts, at("refused.csv"));
  await assert.rejects(merge(part(1), part(3)), /of 4 shards 2 are missing: 2, 4/);
  await assert.rejects(merge(part(1), part(2), part(3), part(4), part(1)), /both shard 1 of 4/);
  await assert.rejects(mergeScores([part(1)], at("refused.parquet")), /the parts are \.csv files/);
  const half = at("half.csv");
  await scoreImages(opened, source, half, { shard: { index: 2, count: 2 } });
  await assert.rejects(merge(part(1), half), /one of 2 shards/);
  const other = at("other.csv");
  await scoreImages(opened, source, other, { shard: { index: 2, count: 4 }, settings: { rescale: "unit" } });
  await assert.rejects(merge(part(1), other, part(3), part(4)), /other\.csv is of other settings than/);
  writeFileSync(at("part-5.csv"), "");
  await assert.rejects(merge(part(1), part(5)), /no facts beside it; bring/);
  const text = readFileSync(part(3), "utf8");
  writeFileSync(part(3), text.replace(/0\.\d/, "0.9"));
  await assert.rejects(merge(part(1), part(2), part(3), part(4)), /part-3\.csv was changed after it was scored/);
  assert.ok(!existsSync(at("refused.csv")));
});

test("addresses of a list are fetched from allowed origins alone, within bounds, and secrets stay out of rows", async (t) => {
  let isDown = true;
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    if (url.startsWith("/a.png")) return response.end(png(1));
    if (url === "/large.png") return response.end(Buffer.alloc(5000));
    if (url === "/moved.png") return response.writeHead(302, { location: "http://127.0.0.1:9/x" }).end();
    if (url === "/down.png" && isDown) return response.writeHead(503).end();
    if (url === "/down.png") return response.end(png(2));
    return response.writeHead(404).end();
  });
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  t.after(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const paths = ["a.png?X-Amz-Signature=secret", "large.png", "moved.png", "gone.png"];
  writeFileSync(at("list.txt"), [...paths.map((path) => `${origin}/${path}`), "photos/000.png", ""].join("\r\n"));
  await assert.rejects(openScoreSource(at("list.txt")), /line 1: nothing is fetched from http:.* add --fetch/);
  assert.deepEqual(asked, []);
  const list = await openScoreSource(at("list.txt"), { fetchFrom: [origin], mostBytes: 4096 });
  const { rows, refused } = await scoreImages(opened, list, at("list.csv"));
  assert.deepEqual([list.count, rows, refused], [5, 5, 3]);
  const text = readFileSync(at("list.csv"), "utf8");
  assert.ok(!text.includes("secret"), text);
  const errorOf = (name: string): string => text.split("\n").find((line) => line.includes(name)) ?? "";
  assert.match(errorOf("large.png"), /more than 4 KB, the most that is fetched/);
  assert.match(errorOf("moved.png"), /points elsewhere \(302\)/);
  assert.match(errorOf("gone.png"), /answers 404/);
  assert.match(text, /photos\/000\.png/);
  writeFileSync(at("s3.txt"), "s3://bucket/a.jpg\n");
  await assert.rejects(
    openScoreSource(at("s3.txt")),
    /S3 have https addresses for objects that are public or presigned/,
  );

  // A store that is down ends the work in place of a row, and the same call goes on later.
  writeFileSync(at("down.txt"), `${origin}/down.png\n`);
  const down = await openScoreSource(at("down.txt"), { fetchFrom: [origin], attempts: 2, pause: 1 });
  await assert.rejects(scoreImages(opened, down, at("down.csv")), /cannot reach .* run the same command again/);
  isDown = false;
  assert.equal((await scoreImages(opened, down, at("down.csv"))).refused, 0);
});
