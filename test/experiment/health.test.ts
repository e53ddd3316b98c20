// Checks of data health on a folder with planted faults: exactly these are found; --fix leaves out all but one of each group of
// copies, training reads that, and a second time there is nothing to write. Statistics are held to SciPy.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { guessOf, independence, kolmogorovSmirnov } from "../../src/core/statistics/index.js";
import { type CollectorName, type Listing, listItems } from "../../src/data/index.js";
import { burstsOf } from "../../src/experiment/health/checks/photos.js";
import {
  CHECK_NAMES,
  CHECKS,
  checkHealth,
  findData,
  findJournal,
  type Health,
  healthFacts,
  healthOf,
  loadData,
  openJournal,
  PICTURE_CHECKS,
  planFix,
  undo,
  writeFix,
} from "../../src/experiment/index.js";
import { renderHealthPage } from "../../src/report/index.js";
import { discs } from "../../tools/pdq-pictures.js";
import { write } from "../cases/class-folders.js";
import { healthFolder, PLANTED, TEST, TRAIN } from "../cases/health-folder.js";
import { pngOf } from "../cases/made-images.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-health-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const folder = healthFolder(join(directory, "photos"));

const look = (checks: readonly (typeof CHECK_NAMES)[number][] = PICTURE_CHECKS) =>
  checkHealth(folder, { checks, threads: 0 });

let health: Health;
before(async () => {
  health = await look();
});

const filesOf = (check: string): string[][] =>
  health.findings.filter((finding) => finding.check === check).map(({ files }) => [...files].sort());

test("the table of checks is total, and each says method", () => {
  assert.deepEqual(Object.keys(CHECKS).sort(), [...CHECK_NAMES].sort());
  for (const check of Object.values(CHECKS)) assert.ok(check.method.length > 20 && check.kinds.length > 0, check.name);
});

test("planted copies are found by bytes, by pixels and turned, within a part, across parts and across classes", () => {
  assert.deepEqual(
    filesOf("copies").sort(),
    [PLANTED.sameBytes, PLANTED.samePixels].map((files) => [...files].sort()),
  );
  assert.deepEqual(filesOf("near-copies"), []);
  const leaks = filesOf("leaks");
  for (const planted of [PLANTED.leak, PLANTED.mirrored, PLANTED.twoLabels])
    assert.ok(
      leaks.some((files) => files.join() === planted.join()),
      planted.join(),
    );
  assert.equal(leaks.length, 3);
  const mirrored = health.findings.find(({ files }) => [...files].sort().join() === PLANTED.mirrored.join());
  assert.match(mirrored!.evidence, /mirrored/);
});

test("planted faults of pictures are found and no others", () => {
  assert.deepEqual(filesOf("dark"), [[PLANTED.dark]]);
  assert.deepEqual(filesOf("flat"), [[PLANTED.flat]]);
  assert.deepEqual(filesOf("blurred"), [[PLANTED.blurred]]);
  assert.deepEqual(filesOf("screens"), [[PLANTED.screens]]);
  assert.deepEqual(filesOf("undecodable"), [[PLANTED.truncated]]);
  for (const check of ["bright", "contrast", "sizes", "turned", "borders"]) assert.deepEqual(filesOf(check), [], check);
});

test("a crop is found by tiles, with the share that it shows", async () => {
  const whole = discs(4, 320, 240, 3, 50);
  const rows = Array.from({ length: 120 }, (_, y) =>
    whole.data.subarray(((70 + y) * 320 + 90) * 3, ((70 + y) * 320 + 250) * 3),
  );
  const crop = { width: 160, height: 120, channels: 3, data: Uint8Array.from(Buffer.concat(rows)) };
  const files = { "photos/whole.png": pngOf(whole), "photos/crop.png": pngOf(crop) };
  const { findings } = await checkHealth(join(write(join(directory, "crops"), files), "photos"), {
    checks: ["crops"],
    threads: 0,
  });
  assert.deepEqual(
    findings.map(({ kind, files: named }) => [kind, ...named]),
    [["crop", "whole.png", "crop.png"]],
  );
  assert.match(findings[0]!.evidence, /crop\.png shows a part of whole\.png, 2[3-7] % of it/);
});

test("findings have the form of DESIGN, errors first, with a count for each kind", () => {
  assert.equal(health.findings[0]!.severity, "error");
  for (const { evidence, remedy, files } of health.findings) {
    assert.ok(!evidence.endsWith(".") && !remedy.endsWith("."), evidence);
    assert.ok(files.length > 0);
  }
  const total = Object.values(health.counts).reduce((sum, count) => sum + count, 0);
  assert.equal(total, health.findings.length);
  assert.deepEqual(
    health.notRun.map(({ check }) => check),
    ["bursts"],
  );
});

/** A record that tells which of some properties were read. */
function watched<T extends object>(
  target: T,
  names: Readonly<Record<string, CollectorName>>,
  read: Set<CollectorName>,
): T {
  return new Proxy(target, {
    get: (object, key) => {
      const name = typeof key === "string" ? names[key] : undefined;
      if (name !== undefined) read.add(name);
      return Reflect.get(object, key);
    },
  });
}

test("a check reads no fact of images but those that it has collected", async () => {
  for (const name of CHECK_NAMES) {
    const read = new Set<CollectorName>();
    const { looks } = health.subject;
    const prints = watched(
      looks.prints,
      { pixels: "pixels", hashes: "pdq", qualities: "pdq", brightness: "pdq" },
      read,
    );
    const names = ["sizes", "measures", "flat", "photos", "tiles", "pictures"] as const;
    const seen = watched({ ...looks, prints }, Object.fromEntries(names.map((key) => [key, key])), read);
    await CHECKS[name].run({ ...health.subject, looks: seen });
    const missing = [...read].filter((key) => !CHECKS[name].collects.includes(key));
    assert.deepEqual(missing, [], name);
  }
});

test("one check collects only what it reads, and a check without its facts is not run", async () => {
  const { findings, subject } = await look(["copies"]);
  assert.deepEqual(findings.map(({ files }) => [...files].sort()).sort(), filesOf("copies").sort());
  assert.deepEqual([...subject.looks.collected], ["pixels"]);
  assert.ok(subject.looks.prints.hashes.every((word) => word === 0));
  const { ran, notRun } = await healthOf(subject, ["copies", "dark"]);
  assert.deepEqual(ran, ["copies"]);
  assert.deepEqual(notRun, [{ check: "dark", why: "the pass over the images collected no flat" }]);
});

test("a fix keeps one of each group of copies, training reads it, and nothing is left to write after it", async () => {
  const plan = planFix(health.subject, health.findings);
  const named = plan.leaveOut.map(({ image }) => health.subject.images[image]!.file);
  // Copies of test images stay in the test part; of those in one part the first stays; of two labels neither does.
  assert.deepEqual(named.sort(), [
    "Train/barn/2.png",
    "Train/barn/copy.png",
    "Train/barn/noted.png",
    "Train/lake/0.png",
    "Train/lake/1.png",
    "Train/lake/same.png",
  ]);
  const journal = await openJournal(join(folder, "labels.journal"));
  assert.deepEqual(await writeFix(health.subject, plan, journal), { leftOut: 6, relabelled: 0 });
  const paths = await findData(folder);
  const data = await loadData(
    paths,
    { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos" },
    { validation: 0.2, seed: 1 },
    { cache: false, threads: 0, skipBad: true, journal: await findJournal(paths) },
  );
  const { train, test: judged } = data.folders;
  assert.equal(train.samples.files.length, 2 * TRAIN + 3 - 6);
  assert.ok(train.samples.files.includes("barn/0.png"), "of two files with the same bytes one stays");
  assert.equal(judged!.samples.files.length, 2 * TEST - 1);
  assert.ok(!data.findings.some(({ kind }) => kind === "leak" || kind === "label"), "train warns of no copy any more");

  const again = await look(["copies", "near-copies", "leaks"]);
  assert.deepEqual(again.findings, []);
  assert.deepEqual(planFix(again.subject, again.findings).leaveOut, []);

  // Somebody takes an exclusion back: the finding comes again, the fix does not.
  const { image } = (await journal.read()).entries.find(({ file }) => file === "Train/lake/1.png")!;
  await undo(journal, image);
  const third = await look(["leaks"]);
  assert.equal(third.findings.length, 1);
  const left = planFix(third.subject, third.findings);
  assert.deepEqual([left.leaveOut.length, left.decided.length], [0, 1]);
});

test("a part alone reads the journal that lies beside all parts", async () => {
  const train = await checkHealth(join(folder, "Train"), { checks: ["copies"], threads: 0 });
  assert.deepEqual(train.findings, []);
  assert.equal(train.subject.images.filter(({ isLeftOut }) => isLeftOut).length, 5);
});

test("the page shows findings with their images and says what was not checked", async () => {
  const { html } = await renderHealthPage(await healthFacts(health, { fix: "--fix would leave 6 images out." }));
  assert.match(html, /Copies across parts, groups and labels/);
  assert.match(html, /no image has an EXIF time/);
  assert.match(html, /<bdi>Train\/barn\/copy\.png<\/bdi>/);
  assert.ok(html.split("data:image/png").length > 10);
});

test("what could not be judged is told with its reason, and a page names no check that was not asked for", async () => {
  const images = ["barn/0.png", "barn/1.png", "lake/0.png"].map((path) => ({
    path,
    image: readFileSync(join(folder, "Train", path)),
  }));
  const checked = async (columns: Listing["columns"]) => {
    const listing = { ...listItems(images), columns };
    return checkHealth({ kind: "images", listing, sentence: "Some." }, { checks: ["labels", "targets"], threads: 0 });
  };
  const several = await checked({ tags: [["old", "red"], ["red"], ["blue"]] });
  assert.deepEqual(several.ran, []);
  assert.match(several.notRun[0]!.why, /several labels each are not judged/);
  const { clean, notRun } = await healthFacts(several);
  assert.deepEqual([clean.length, notRun.length], [0, 2]);
  assert.match((await checked({ label: ["barn", "barn", "lake"] })).notRun[0]!.why, /two classes have 4 pictures/);
  assert.match((await checked({ cost: ["1.5", "2.5", "3.5"] })).notRun[1]!.why, /3 pictures or groups have numbers/);
});

test("unknown checks are refused in one sentence", async () => {
  await assert.rejects(checkHealth(folder, { checks: ["colors" as "colours"] }), /expected one of/);
});

test("bursts are photos of one camera within three seconds", () => {
  const photo = (camera: string, taken: string) => ({ camera, taken: `2024-05-31T12:30:${taken}`, hasPlace: false });
  const photos = new Map([
    [0, photo("A", "10")],
    [1, photo("A", "12")],
    [2, photo("B", "11")],
    [3, photo("A", "15")],
    [4, photo("A", "19")],
  ]);
  const { subject } = health;
  assert.deepEqual(burstsOf({ ...subject, used: [0, 1, 2, 3, 4], looks: { ...subject.looks, photos } }), [[0, 1, 3]]);
});

interface Fixture {
  readonly samples: readonly (readonly [number[], number[]])[];
  readonly ks: readonly { readonly statistic: number; readonly p: number }[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly chi2: { readonly v: number; readonly p: number };
}

test("statistics are those of SciPy", () => {
  const path = new URL("../../../test/parity/fixtures/health.json", import.meta.url);
  const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;
  for (const [i, [a, b]] of fixture.samples.entries()) {
    const { effect, p } = kolmogorovSmirnov(a, b);
    assert.ok(Math.abs(effect - fixture.ks[i]!.statistic) < 1e-12);
    assert.ok(Math.abs(p - fixture.ks[i]!.p) < 1e-9, `${p} ${fixture.ks[i]!.p}`);
  }
  const { effect, p } = independence(fixture.rows, fixture.columns);
  assert.ok(Math.abs(effect - fixture.chi2.v) < 1e-12 && Math.abs(p - fixture.chi2.p) < 1e-9, `${effect} ${p}`);
});

test("a property that only one item has gives no class away", () => {
  const classes = ["a", "a", "a", "b", "b"];
  assert.deepEqual(guessOf(["1", "2", "3", "4", "5"], classes), { byProperty: 0.6, byCommonest: 0.6 });
  assert.deepEqual(guessOf(["x", "x", "x", "y", "y"], classes), { byProperty: 1, byCommonest: 0.6 });
});
