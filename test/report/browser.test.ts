// The run's page in a real browser: the embedded glyphs are drawn, a click on a cell lists its images, nothing is loaded.
// Drives the Chromium or Chrome that is installed, by its command line only; says so when there is none.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { browserPath, noBrowser } from "../platform/browser.js";
import { madeUpRun } from "./made-up-run.js";
import { madeUpLabels, madeUpRegression } from "./made-up-tasks.js";

/** Runs in the page, and leaves what it saw in the body's data-seen attribute. */
const PROBE = `<script>
(async () => {
  const ink = (family) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const context = canvas.getContext("2d");
    context.font = "48px " + family;
    context.fillText("\u592a", 4, 52);
    return context.getImageData(0, 0, 64, 64).data.join();
  };
  const loaded = await document.fonts.load('48px "Fovea Hanzi"', "\u592a");
  const address = "#" + document.querySelector("#failures figure").dataset.cell;
  const link = [...document.querySelectorAll("#confusion-chart a")].find((a) => a.href.baseVal === address);
  link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  const wide = [...document.querySelectorAll("main *")].filter((e) => !e.closest("svg, pre") && e.scrollWidth > innerWidth);
  document.body.dataset.seen = JSON.stringify({
    fonts: loaded.length,
    differs: ink('"Fovea Hanzi"') !== ink("no-such-font"),
    cell: document.querySelector("#cell p").textContent,
    images: document.querySelectorAll("#cell figure").length,
    expected: document.querySelectorAll('#failures figure[data-cell="' + address.slice(1) + '"]').length,
    broken: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).length,
    requests: performance.getEntriesByType("resource").filter((entry) => !entry.name.startsWith("data:")).length,
    wide: wide.length,
  });
})().catch((error) => { document.body.dataset.seen = JSON.stringify({ error: String(error) }); });
</script>`;

/** Observations of a probe in a page. */
function seenIn(html: string, probe: string, ...flags: readonly string[]): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-report-"));
  try {
    const file = join(folder, "report.html");
    writeFileSync(
      file,
      html.replace("</body>", () => `${probe}</body>`),
    );
    const usual = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
    const result = spawnSync(
      browserPath!,
      [
        ...usual.split(" "),
        "--disable-component-update",
        "--disable-sync",
        `--user-data-dir=${join(folder, "profile")}`,
        "--virtual-time-budget=5000",
        ...flags,
        "--dump-dom",
        pathToFileURL(file).href,
      ],
      { encoding: "utf8", timeout: 60_000, maxBuffer: 64 * 2 ** 20 },
    );
    const seen = / data-seen="([^"]*)"/.exec(result.stdout)?.[1];
    assert.ok(seen, `the browser ended without an answer: ${result.stderr.slice(-500)}`);
    return JSON.parse(seen.replaceAll("&quot;", '"')) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const skip = noBrowser;

test("the page works in a browser", { skip }, async () => {
  const said = seenIn((await renderRunPage(madeUpRun())).html, PROBE, "--window-size=1200,900");
  assert.equal(said.error, undefined);
  assert.match(String(said.cell), /^true ., predicted .: \d+ of \d+/);
  assert.ok(Number(said.images) > 0);
  assert.equal(said.images, said.expected);
  assert.deepEqual(
    [said.fonts, said.differs, said.broken, said.requests, said.wide],
    [1, true, 0, 0, 0],
    JSON.stringify(said),
  );
});

/** A probe for whether a page of another task follows the reader's colours and width. */
const TASK_PROBE = `<script>
  const drawn = [...document.querySelectorAll("figure.two")].map((figure) => [...figure.children].map((svg) => svg.getBoundingClientRect().width));
  document.body.dataset.seen = JSON.stringify({
    charts: drawn.length,
    once: drawn.every((widths) => widths.filter((width) => width > 0).length === 1),
    widest: Math.max(...drawn.flat()),
    background: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.querySelector("figure.two text")).fill,
    scrolls: document.documentElement.scrollWidth > innerWidth,
    width: innerWidth,
  });
</script>`;

for (const [title, facts] of [
  ["a regression", () => madeUpRegression({ rows: 200 })],
  ["several labels", () => madeUpLabels(100)],
] as const)
  test(`the page of ${title} fits a narrow screen and follows the reader's colours`, { skip }, async () => {
    const { html } = await renderRunPage(facts());
    const [dark, light] = [0, 1].map((scheme) => `--blink-settings=preferredColorScheme=${scheme}`);
    const narrow = seenIn(html, TASK_PROBE, "--window-size=500,900", dark!);
    assert.deepEqual([narrow.once, narrow.scrolls, narrow.background], [true, false, "rgb(20, 24, 30)"]);
    assert.ok(Number(narrow.widest) <= Number(narrow.width), JSON.stringify(narrow));
    const wide = seenIn(html, TASK_PROBE, "--window-size=1440,900", light!);
    assert.deepEqual([wide.once, wide.scrolls, wide.background], [true, false, "rgb(255, 255, 255)"]);
    assert.ok(Number(wide.widest) >= 500 && Number(wide.charts) >= 4, JSON.stringify(wide));
    assert.notEqual(wide.ink, narrow.ink);
  });
