// The dossier's page in Chromium: words from files stay text, no request leaves it, axe finds nothing in light and dark,
// the slider changes how opaque a map is, and print shows everything.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Dossier, MethodEvidence } from "../../src/forensics/dossier.js";
import { FINDINGS } from "../../src/forensics/index.js";
import { renderDossierPage } from "../../src/report/pages/dossier/dossier-page.js";
import { checkAccessible, closeBrowser, emptyFolder, noBrowser, watchedPage } from "../studio/page.js";

after(closeBrowser);

const ODD = '<img src=x onerror="alert(1)">דבורים';

const evidence = (finding: MethodEvidence["finding"], more: Partial<MethodEvidence> = {}): MethodEvidence => ({
  method: "times",
  title: `Method ${finding}`,
  kind: "metadata",
  measures: "what a method measures",
  limits: "What it cannot see",
  source: "A paper, 2009",
  settings: { block: 8 },
  finding,
  sentence: `The sentence of ${finding} about ${ODD}.`,
  ...more,
});

const MAP = { title: "Difference", low: "equal", high: "different", height: 2, width: 3 };
const map = { ...MAP, values: Uint8Array.of(0, 60, 120, 180, 240, 255) };

const dossier = (more: Partial<Dossier> = {}): Dossier => ({
  image: `photos/${ODD}.jpg`,
  sha256: "ab".repeat(32),
  bytes: 123_456,
  format: "JPEG",
  width: 6,
  height: 4,
  modified: "2024-06-01T00:00:00.000Z",
  versions: { fovea: "0.1.0" },
  conclusion: "contradiction found",
  meaning: "The first sentence. The second.",
  evidence: [
    ...FINDINGS.map((finding) => evidence(finding, { rows: [{ label: ODD, value: ODD }] })),
    evidence("shown", { method: "thumbnail", kind: "pixels", map, maps: [map, map] }),
    evidence("notable", {
      method: "place",
      kind: "compression",
      regions: [{ x: 1, y: 1, width: 2, height: 2, label: "copy" }],
    }),
  ],
  picture: { width: 6, height: 4, channels: 3, data: new Uint8Array(72).fill(90) },
  ...more,
});

const facts = (...dossiers: readonly Dossier[]) => ({
  createdBy: "Fovea 0.1.0",
  dossiers,
  failures: [{ image: ODD, error: `cannot decode ${ODD}` }],
  command: `fovea forensics ${ODD}`,
});

test("words out of files stay text, each method has its words, and the picture's bytes stand once", async () => {
  const html = await renderDossierPage(facts(dossier()));
  assert.ok(!html.includes("<img src=x"));
  for (const words of ["What a method measures.", "What it cannot see.", "A paper, 2009.", "block 8", "ab".repeat(32)])
    assert.ok(html.includes(words), words);
  assert.match(html, /No detector of generated images is part of Fovea/);
  assert.match(html, /Evidence, never a verdict/);
  assert.equal(html.split(".picture-1 {").length, 2);
  // The conclusion shows the picture, and so do the map and the regions.
  assert.equal(html.split('class="layers picture-1"').length, 4);
});

test("a dossier without a picture shows its maps alone", async () => {
  const { picture: _, ...without } = dossier();
  const html = await renderDossierPage(facts(without));
  assert.match(html, /cannot be decoded, so that no picture is shown/);
  assert.match(html, /class="map alone"/);
});

test("the page in a browser", { skip: noBrowser }, async (t) => {
  const path = join(emptyFolder(t), "dossier.html");
  writeFileSync(path, await renderDossierPage(facts(dossier(), dossier({ image: "plain.jpg" }))));
  const address = pathToFileURL(path).href;
  const { page, errors, elsewhere } = await watchedPage(t, address);
  await checkAccessible(page, "the dossier, light");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 800 });
  await checkAccessible(page, "the dossier, dark and narrow");
  assert.equal(await page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0);
  const opacity = (): Promise<unknown> =>
    page.evaluate("getComputedStyle(document.querySelector('.layers .map')).opacity");
  assert.equal(await opacity(), "0.6");
  await page
    .getByLabel(/Opacity of the map/)
    .first()
    .focus();
  await page.keyboard.press("End");
  assert.equal(await opacity(), "1");
  assert.equal(await page.evaluate("document.querySelector('.opacity output').textContent"), "100 %");
  assert.equal(await page.evaluate("document.querySelectorAll('img[src=x]').length"), 0);
  await page.emulateMedia({ media: "print" });
  const hidden =
    "[...document.querySelectorAll('.method dd, .method p')].filter((e) => e.getClientRects().length === 0)";
  assert.equal(await page.evaluate(`${hidden}.length`), 0, "print shows the words of every method");
  // The page itself is the only request.
  assert.deepEqual([errors, elsewhere], [[], [address]]);
});
