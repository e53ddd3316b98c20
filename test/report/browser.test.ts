// The run's page in a real browser: the embedded glyphs are drawn, a click on a cell lists its images, nothing is loaded.
// Drives the Chromium or Chrome that is installed, by its command line only; says so when there is none.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { renderRunPage } from "../../src/report/pages/run-page.js";
import { madeUpRun } from "./made-up-run.js";

const browser = [process.env.FOVEA_CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

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

test("the page works in a browser", { skip: browser ? false : "no Chromium or Chrome is installed" }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-report-"));
  try {
    const { html } = await renderRunPage(madeUpRun());
    const file = join(folder, "report.html");
    writeFileSync(
      file,
      html.replace("</body>", () => `${PROBE}</body>`),
    );
    const flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";
    const result = spawnSync(
      browser!,
      [
        ...flags.split(" "),
        "--disable-component-update",
        "--disable-sync",
        `--user-data-dir=${join(folder, "profile")}`,
        "--virtual-time-budget=5000",
        "--window-size=1200,900",
        "--dump-dom",
        pathToFileURL(file).href,
      ],
      { encoding: "utf8", timeout: 60_000, maxBuffer: 64 * 2 ** 20 },
    );
    const seen = / data-seen="([^"]*)"/.exec(result.stdout)?.[1];
    assert.ok(seen, `the browser ended without an answer: ${result.stderr.slice(-500)}`);
    const said = JSON.parse(seen.replaceAll("&quot;", '"')) as Record<string, unknown>;
    assert.equal(said.error, undefined);
    assert.match(String(said.cell), /^true ., predicted .: \d+ of \d+/);
    assert.ok(Number(said.images) > 0);
    assert.equal(said.images, said.expected);
    assert.deepEqual(
      [said.fonts, said.differs, said.broken, said.requests, said.wide],
      [1, true, 0, 0, 0],
      JSON.stringify(said),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
