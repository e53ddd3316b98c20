// Detectors as other programs export them: boxes as their own rules and ONNX Runtime give them (tools/foreign-detector-fixtures.py),
// heads told by shapes, and what cannot be told asked for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { letterboxOf } from "../../src/data/index.js";
import { headOf, type Seen } from "../../src/experiment/models/heads/index.js";
import { namesIn } from "../../src/experiment/models/heads/metadata.js";
import { openAny, outputKinds, predictFiles, predictionsCsv } from "../../src/experiment/models/index.js";

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
