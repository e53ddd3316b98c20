// Weight and speed of the page: what its first load brings, gzipped, is held to a budget; times are measured and printed.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { closeBrowser, localStudio, noBrowser, openedPage, plainServer } from "./page.js";

/** Bytes, gzipped, without engine and data. */
const FIRST_LOAD = 250_000;

after(closeBrowser);

for (const hosting of ["local", "static"] as const)
  test(`the first load weighs little, ${hosting}`, { skip: noBrowser, timeout: 120_000 }, async (t) => {
    const address = hosting === "local" ? (await localStudio(t)).address : await plainServer(t);
    const { page } = await openedPage(t);
    const weights: [name: string, bytes: number][] = [];
    const pending: Promise<void>[] = [];
    page.on("response", (response) => {
      const { pathname } = new URL(response.url());
      // The workbench of a page brings the engine.
      if (!/\.(js|css|svg)$|^\/$/.test(pathname) || /worker/.test(pathname)) return;
      pending.push(
        response.body().then(
          (body) => void weights.push([pathname, gzipSync(body).length]),
          () => undefined,
        ),
      );
    });
    const began = performance.now();
    await page.goto(address);
    await page.getByRole("button", { name: "Generated handwriting" }).waitFor();
    t.diagnostic(`interactive after ${Math.round(performance.now() - began)} ms`);
    await Promise.all(pending);
    const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
    t.diagnostic(`first load: ${(total / 1000).toFixed(1)} kB gzipped in ${weights.length} files`);
    assert.ok(weights.length > 3, "the page's files were not seen");
    assert.ok(total <= FIRST_LOAD, `${total} bytes: ${JSON.stringify(weights)}`);
  });
