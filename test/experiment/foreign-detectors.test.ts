// Detectors as other programs export them: boxes as their own rules and ONNX Runtime give them (tools/foreign-detector-fixtures.py),
// heads told by shapes, and what cannot be told asked for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tensor } from "../../src/core/tensor.js";
import { letterboxOf } from "../../src/data/index.js";
import { withDetector } from "../../src/experiment/models/foreign-detector.js";
import { decoded, leftOutSentences } from "../../src/experiment/models/heads/decode.js";
import { headOf, type Seen } from "../../src/experiment/models/heads/index.js";
import { namesIn } from "../../src/experiment/models/heads/metadata.js";
import { openAny, outputKinds, predictFiles, predictionsCsv } from "../../src/experiment/models/index.js";
import type { LoadedModel, TailResult } from "../../src/formats/models/loaded.js";
import { sequential } from "../../src/index.js";
import { dense, globalAveragePooling2d, input } from "../../src/nn/layers/index.js";

const file = (name: string): string =>
  fileURLToPath(new URL(`../../../test/experiment/fixtures/detectors/${name}`, import.meta.url));

interface Box {
  readonly label: string;
  readonly score: number;
  readonly box: readonly number[];
}
const expected = JSON.parse(readFileSync(file("expected.json"), "utf8")) as {
  readonly names: readonly string[];
  readonly boxes: Readonly<Record<string, readonly Box[]>>;
};
const photo = file("photo.png");

for (const [name, wanted] of Object.entries(expected.boxes))
  test(`${name}: the boxes of a photo are those of ONNX Runtime and the head's own rules`, async () => {
    const labels = name === "detr" ? { labels: expected.names } : {};
    const opened = await openAny(file(`${name}.onnx`), { detectors: true, ...labels });
    const { answers, outputs } = await predictFiles(opened, [photo]);
    await opened.model.close();
    assert.deepEqual(
      outputs.map(({ kind, columns }) => [kind, columns]),
      [["boxes", expected.names]],
    );
    const { boxes } = answers[0] as unknown as { readonly boxes: readonly Box[] };
    assert.ok(wanted.length > 4);
    assert.deepEqual(
      boxes.map(({ label }) => label),
      wanted.map(({ label }) => label),
    );
    for (const [i, { score, box }] of boxes.entries()) {
      assert.ok(Math.abs(score - wanted[i]!.score) < 1e-5, `score ${score} for ${wanted[i]!.score}`);
      for (const [k, value] of box.entries())
        assert.ok(Math.abs(value - wanted[i]!.box[k]!) < 0.011, `${value} for ${wanted[i]!.box[k]}`);
    }
  });

test("counts go to a table, a score and an overlap of one's own change them, and raw outputs stay as they are", async () => {
  const count = async (options: object): Promise<number> => {
    const opened = await openAny(file("yolo-v5.onnx"), { detectors: true, ...options });
    const table = predictionsCsv(await predictFiles(opened, [photo], { keep: true }));
    await opened.model.close();
    const [head, line] = table.trim().split("\n") as [string, string];
    assert.ok(head.startsWith("image,objects,count_cat,"));
    return Number(line.split(",").slice(-expected.names.length - 1)[0]);
  };
  const usual = await count({});
  assert.equal(usual, expected.boxes["yolo-v5"]!.length);
  assert.ok((await count({ score: 0.5 })) < usual);
  assert.ok((await count({ overlap: 0.2 })) < usual);
  const opened = await openAny(file("yolo-v8.onnx"), { detectors: true });
  const { outputs } = outputKinds(opened, { raw: true });
  await opened.model.close();
  assert.deepEqual([outputs[0]!.kind, outputs[0]!.shape], ["maps", [7, 84]]);
});

test("what does not fit is one sentence, and other commands are not told boxes", async () => {
  await assert.rejects(
    openAny(file("yolo-v8.onnx"), { detectors: true, head: "detr" }),
    /--head detr is for .*; take --head yolo-v8$/,
  );
  await assert.rejects(
    openAny(file("yolo-v8.onnx"), { detectors: true, labels: ["a", "b"] }),
    /--labels has 2 class names for 3 classes/,
  );
  await assert.rejects(openAny(file("yolo-nms.onnx")), /operator NonMaxSuppression .* is supported for constants only/);
  const plain = await openAny(file("yolo-v8.onnx"));
  await plain.model.close();
  assert.equal(plain.detector, undefined);
});

/** A network whose outputs are made by operators behind it, as exports of torchvision have them. */
const tailed = (last: number, results: readonly TailResult[]): LoadedModel => ({
  model: sequential([input([8, 8, 3]), globalAveragePooling2d(), dense(last)]),
  ...{ facts: undefined, warnings: [] },
  tail: {
    reason: "its outputs have no fixed shape",
    outputs: results.map(({ shape }, i) => ({
      name: `o${i}`,
      shape: shape.map((extent, axis) => (axis === Math.max(0, shape.length - 2) ? "n" : extent)),
    })),
    run: () => results,
  },
});
const one = [tensor([0], [1, 1], "float32")];

test("torchvision's labels are counted from the names, where the graph does not show their number", async (t) => {
  const boxes: TailResult = { kind: "float", shape: [3, 4], data: [0, 0, 4, 4, 1, 1, 5, 5, 2, 2, 8, 8] };
  const scores: TailResult = { kind: "float", shape: [3], data: [0.9, 0.8, 0.7] };
  const labels: TailResult = { kind: "int", shape: [3], data: [3, 1, 2] };
  const loaded = tailed(1, [boxes, scores, labels]);
  t.after(() => loaded.model.close());
  await assert.rejects(
    withDetector("tv.onnx", loaded, {}),
    /tv\.onnx does not say how many classes .*; name them with --labels FILE, with a line per class in the order of their numbers from 1 on/,
  );
  const told = async (names: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const { detector, loaded: found } = (await withDetector("tv.onnx", loaded, { labels: names }))!;
    const { data } = decoded(detector, one);
    const { classNames } = found.facts!.task as { readonly classNames: readonly string[] };
    const heard = leftOutSentences("tv.onnx", detector);
    return [...[0, 6, 12].map((at) => classNames[data[at]!]), ...heard];
  };
  assert.deepEqual(await told(["dent", "scratch", "glass"]), ["glass", "dent", "scratch"]);
  assert.deepEqual(await told(["__background__", "dent", "scratch", "glass"]), ["glass", "dent", "scratch"]);
  assert.deepEqual(await told(["dent"]), [
    ...["dent", undefined, undefined],
    "tv.onnx: 2 boxes are left out, since the class is none of the 2 from 0 to 1 (the highest is 3); name all classes with --labels FILE",
  ]);
});

test("a model with a task of its own is refused where its last operators are not read", async (t) => {
  const loaded = tailed(2, [{ kind: "float", shape: [1, 2], data: [0, 0] }]);
  t.after(() => loaded.model.close());
  const task = { kind: "segmentation" as const, classNames: ["background", "dent"] };
  await assert.rejects(
    withDetector("masks.onnx", { ...loaded, facts: { version: 1, task } }, {}),
    /^FoveaError: masks\.onnx: its outputs have no fixed shape$/,
  );
});

test("boxes with sides that are negative or no numbers are left out and counted", async (t) => {
  const row = (left: number, right: number, score: number): number[] => [left, 1, right, 5, score, 0];
  const answer = async (...rows: readonly number[][]) => {
    const loaded = tailed(1, [{ kind: "float", shape: [1, rows.length, 6], data: rows.flat() }]);
    t.after(() => loaded.model.close());
    const { detector } = (await withDetector("end.onnx", loaded, { head: "yolo-end", labels: ["dent"] }))!;
    const [first] = Array.from(decoded(detector, one).data);
    return [first, detector.leftOut.odd, ...leftOutSentences("end.onnx", detector)];
  };
  // Boxes below the score are told nowhere, so that nobody misses them.
  assert.deepEqual(await answer(row(1, 5, 0.9), row(5, 1, 0.8), row(1, Number.NaN, 0.7), row(5, 1, 0.1)), [
    ...[0, 2],
    "end.onnx: 2 boxes in 1 image are left out, since a side is negative or no finite number; export the model again, or name its form with --head",
  ]);
  assert.deepEqual((await answer(row(5, 1, 0.9))).slice(0, 2), [-1, 1]);
  assert.deepEqual(await answer(row(1, Number.NaN, 0.9)), [Number.NaN, 0], "refused, as outputs of NaN are");
});

const seen = (
  imageSize: Seen["imageSize"],
  shapes: readonly (readonly number[])[],
  more: Partial<Seen> = {},
): Seen => ({
  ...{ imageSize, outputs: shapes.map((shape) => ({ shape })), before: [], named: undefined, isFinished: undefined },
  ...more,
});

test("shapes tell the heads of real exports", () => {
  const name = (...outputs: Parameters<typeof seen>): string | undefined => headOf("m.onnx", seen(...outputs))?.name;
  assert.equal(name([640, 640], [[84, 8400]]), "yolo-v8");
  assert.equal(name([1280, 1280], [[84, 34000]]), "yolo-v8");
  assert.equal(name([640, 640], [[25200, 85]]), "yolo-v5");
  assert.equal(name([384, 640], [[15120, 6]]), "yolo-v5");
  assert.equal(name([640, 640], [[8400, 85]]), "yolo-v5");
  assert.equal(name([640, 640], [[300, 6]]), "yolo-end");
  assert.equal(
    name(
      [800, 800],
      [
        [100, 92],
        [100, 4],
      ],
    ),
    "detr",
  );
  assert.equal(name([320, 320], [[-1, 4], [-1], [-1]], { before: [91, 1, 1, 1, 1] }), "torchvision");
  assert.equal(name([640, 640], [[300, 84]], { named: 80 }), "rt-detr");
  for (const shapes of [
    [[197, 768]],
    [[300, 84]],
    [[56, 56, 3]],
    [[10]],
    [
      [84, 8400],
      [32, 160],
    ],
  ])
    assert.equal(name([640, 640], shapes), undefined, JSON.stringify(shapes));
});

test("shapes that two heads have are asked for, unless the file says whether its boxes are finished", () => {
  const both = { named: 2 } as const;
  assert.throws(
    () => headOf("m.onnx", seen([640, 640], [[300, 6]], both)),
    /m.onnx puts out \[300, 6\], which several .*--head NAME/,
  );
  const told = (isFinished: boolean): string | undefined =>
    headOf("m.onnx", seen([640, 640], [[300, 6]], { ...both, isFinished }))?.name;
  assert.deepEqual([told(true), told(false)], ["yolo-end", "rt-detr"]);
  assert.equal(headOf("m.onnx", seen([640, 640], [[300, 6]], both), "rt-detr")?.classes, 2);
});

test("names are read from a literal of Python, and nothing else is", () => {
  assert.deepEqual(namesIn("m", `{0: 'a', 1: "b's", 2: 'c\\'d', 3: '\\u4e1c\\x41',}`), ["a", "b's", "c'd", "东A"]);
  assert.deepEqual(namesIn("m", "['person', 'bike']"), ["person", "bike"]);
  for (const text of [
    "",
    "{}",
    "{0: open('x')}",
    "{1: 'a'}",
    "{0: 'a', 0: 'b'}",
    "{0: 'a'",
    "{0: 'a'} + 1",
    "{0: 'a' 1: 'b'}",
    "{0: '\\ud8'}",
    "{99999999999999: 'a'}",
    `['${"a".repeat(2 ** 20)}']`,
  ])
    assert.throws(
      () => namesIn("m", text),
      /m: expected names such as .*name classes with --labels$/,
      text.slice(0, 20),
    );
});

test("a letterbox has the margins of Ultralytics' LetterBox", () => {
  const contentOf = (h: number, w: number): readonly number[] => {
    const { top, left, height, width } = letterboxOf([h, w], [640, 640]);
    return [top, left, height, width];
  };
  assert.deepEqual(contentOf(480, 640), [80, 0, 480, 640]);
  assert.deepEqual(contentOf(1000, 333), [0, 213, 640, 213]);
  assert.deepEqual(contentOf(7, 2000), [319, 0, 2, 640]);
  assert.deepEqual(contentOf(64, 64), [0, 0, 640, 640]);
});
