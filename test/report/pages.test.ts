// The pages as text: complete, self-contained, escaped, the same each time, and small enough to mail.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { pngDataUri } from "../../src/report/images/data-uri.js";
import { html } from "../../src/report/pages/html.js";
import { renderInspectPage } from "../../src/report/pages/inspect-page.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { blot, madeUpInspection, madeUpRun, numbers } from "./made-up-run.js";

const facts = madeUpRun();
const run = await renderRunPage(facts);

test("the run's page has every section, table and chart", () => {
  for (const id of ["data", "model", "training", "metrics", "confusion", "classes", "mistakes", "confidence", "again"])
    assert.match(run.html, new RegExp(`<section id="${id}">`));
  for (const text of [
    "88,375 (345.21 KB)",
    "(None, 5, 3, 64)",
    "26 of 41",
    "fovea replay runs/lecture-cnn",
    "conv2d(16, 3",
  ])
    assert.ok(run.html.includes(text), text);
  assert.deepEqual(
    run.charts.map(({ name }) => name),
    [
      "class-count-histogram-1",
      "class-count-histogram-2",
      "counts-per-class",
      "image-heights-count",
      "image-widths-count",
      "image-heights-density",
      "image-widths-density",
      "curve-accuracy",
      "curve-loss",
      "confusion",
      "confidence-right",
      "confidence-wrong",
    ],
  );
  for (const { name, svg } of run.charts) {
    assert.match(svg, /^<svg [^>]*><style>/, name);
    assert.ok(run.html.includes(`id="${name}-chart"`), name);
  }
});

test("a class whose name is cut off in the table tells the whole of it", async () => {
  const long = 'a "very" long name of a class that no column of the table has room for';
  const page = await renderRunPage({ ...facts, classNames: facts.classNames.with(3, long) });
  const title = long.replaceAll('"', "&quot;");
  assert.ok(page.html.includes(`<td><span class="glyph" title="${title}"><bdi>${title}</bdi></span></td>`));
});

test("mistakes are titled and come most confident first, ten before the fold", () => {
  const titles = [...run.html.matchAll(/<bdi>(.)<\/bdi> not <bdi>(.)<\/bdi> \((\d+)%\)/g)];
  assert.equal(titles.length, 200);
  const first = facts.failures[0]!;
  assert.equal(titles[0]![1], facts.classNames[first.trueClass]);
  assert.equal(titles[0]![2], facts.classNames[first.predictedClass]);
  const shares = titles.map((title) => Number(title[3]));
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => b - a),
  );
  assert.equal(run.html.split("<details>")[0]!.match(/<bdi>.<\/bdi> not/g)!.length, 10);
  assert.match(run.html, /190 more/);
});

test("the page asks for nothing from outside", () => {
  const addresses = [...run.html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(
    (match) => match[1] ?? match[2]!,
  );
  assert.ok(addresses.length > 200);
  assert.deepEqual(
    addresses.filter((address) => !/^(#|data:image\/png;base64,|data:font\/woff2;base64,)/.test(address)),
    [],
  );
  assert.match(run.html, /default-src 'none'/);
});

test("the page is the same each time, and below three megabytes", async () => {
  const again = await renderRunPage(madeUpRun());
  assert.equal(again.html, run.html);
  assert.deepEqual(again.charts, run.charts);
  assert.ok(Buffer.byteLength(run.html) < 3e6, `${Buffer.byteLength(run.html)} bytes`);
});

test("ids are not used twice", () => {
  const ids = [...run.html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
  assert.deepEqual(
    ids.filter((id, i) => ids.indexOf(id) !== i),
    [],
  );
});

test("no name can become markup", async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror="alert(1)">'&`;
  const { html: page, charts } = await renderRunPage({
    ...facts,
    name: evil,
    createdBy: evil,
    classNames: facts.classNames.map((name, i) => (i < 3 ? `${evil}${i}` : name)),
    recipe: [{ label: evil, value: evil }],
    splits: facts.splits.map((split) => ({ ...split, name: evil + split.name })),
    samples: [{ classIndex: 0, image: blot(8, 8, 1) }],
    failures: [{ trueClass: 0, predictedClass: 1, confidence: 0.87, image: blot(8, 8, 1), file: evil }],
    warnings: [evil],
    hashes: [{ label: evil, value: evil }],
    replay: { command: evil, code: evil },
    monitor: evil,
    gallery: {
      image: blot(8, 8, 1),
      layers: [{ name: evil, shape: evil, channels: [0], image: blot(8, 8, 1) }],
      features: [{ layer: evil, channels: [0, 1], before: [0.1, 0], after: [1, 0], image: blot(8, 16, 1) }],
    },
    metrics: [{ split: evil, values: { [evil]: 1 } }],
    model: { name: evil, layers: [{ name: evil, type: evil, outputShape: evil, params: 1 }], totals: [] },
  });
  assert.equal(page.match(/<script/g)!.length, 1);
  assert.equal(/<img src=x/.test(page), false);
  assert.match(page, /channel 0: 10\.0×, channel 1: silent for noise, and/);
  for (const { name, svg } of charts) assert.equal(/<script|<img/.test(svg), false, name);
});

test("a page of few facts leaves the other sections out", async () => {
  const { html: page, charts } = await renderRunPage({
    name: "bare",
    createdBy: "Fovea",
    classNames: ["ants", "bees"],
    recipe: [],
    splits: [],
    samples: [],
    metrics: [],
    failures: [],
    warnings: [],
    hashes: [],
  });
  assert.equal(/<section/.test(page), false);
  assert.equal(/Fovea Hanzi, a subset/.test(page), false);
  assert.deepEqual(charts, []);
});

test("a label outside the classes is an error, not a wrong picture", async () => {
  const evaluation = {
    kind: "classification" as const,
    split: "Test",
    labels: [0, 99],
    predicted: [0, 1],
    confidence: [1, 1],
  };
  await assert.rejects(renderRunPage({ ...facts, evaluation }), /received 99/);
});

test("large photographs are shrunk, and only as many as fit go in", async () => {
  const next = numbers(3);
  const photo = { height: 600, width: 800, channels: 3, data: new Uint8Array(600 * 800 * 3).map(() => 256 * next()) };
  const failure = { trueClass: 0, predictedClass: 1, confidence: 0.5, image: photo };
  const page = (await renderRunPage({ ...facts, samples: [], failures: new Array(60).fill(failure) })).html;
  assert.ok(Buffer.byteLength(page) < 3e6, `${Buffer.byteLength(page)} bytes`);
  assert.match(page, /further mistakes, made with less confidence, are not in this page/);
});

test("3,755 classes still make a page that opens", async () => {
  const classNames = Array.from({ length: 3755 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const counts = classNames.map((_, i) => 200 + (i % 40));
  const labels = classNames.flatMap((_, i) => [i, i]);
  const evaluation = {
    kind: "classification" as const,
    split: "Test",
    labels,
    predicted: labels.map((k, i) => (i % 9 ? k : 0)),
    confidence: labels.map(() => 0.5),
  };
  const { html: page } = await renderRunPage({ ...facts, classNames, splits: [{ name: "Train", counts }], evaluation });
  assert.ok(Buffer.byteLength(page) < 3e6, `${Buffer.byteLength(page)} bytes`);
  assert.match(page, /Drawn are the 80 classes with the most mistakes/);
  assert.match(page, /3,355 classes with a higher one are left out/);
});

test("images go in as PNG, pixel by pixel, or averaged when larger than asked for", () => {
  const bytes = (uri: string) => decode(Buffer.from(uri.slice("data:image/png;base64,".length), "base64"));
  const image = { height: 2, width: 3, channels: 1, data: Uint8Array.of(0, 50, 100, 150, 200, 250) };
  assert.deepEqual([...bytes(pngDataUri(image)).data], [...image.data]);
  const half = bytes(pngDataUri(image, 2));
  assert.deepEqual([half.height, half.width, ...half.data], [1, 2, 100, 175]);
  for (const channels of [2, 3, 4]) {
    const colour = { height: 1, width: 2, channels, data: new Uint8Array(2 * channels).map((_, i) => 20 * i) };
    assert.deepEqual([...bytes(pngDataUri(colour)).data], [...colour.data]);
  }
  assert.throws(() => pngDataUri({ ...image, height: 3 }), /received \[3, 3, 1\] and 6 bytes/);
});

test("the page of an inspection shows tree, counts, sizes, samples and problems", async () => {
  const { html: page } = await renderInspectPage(madeUpInspection());
  for (const text of [
    "├── Test",
    "Images per class",
    "Image heights, as densities",
    "ends in the middle of its pixels",
  ])
    assert.ok(page.includes(text), text);
  const clean = await renderInspectPage({ ...madeUpInspection(), problems: [], samples: [] });
  assert.match(clean.html, /every file could be read/);
  assert.doesNotMatch(clean.html, /id="samples"/);
});

test("templates escape everything but templates", () => {
  const inner = html`<b>${"<i>"}</b>`;
  assert.equal(html`${inner}${[inner, "&"]}${undefined}${false}${0}`.text, "<b>&lt;i&gt;</b><b>&lt;i&gt;</b>&amp;0");
  assert.equal(html`${"a\u0000\ud800b\n"}`.text, "a\ufffd\ufffdb\n");
});
