// A picture of one's own on the lecture's pages, where a plain web server gives them: chosen, pasted, kept; what is none is
// told so.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { encodePng } from "../../src/data/index.js";
import { tensor } from "../../src/index.js";
import { said } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser, plainServer, watchedPage } from "./page.js";

after(closeBrowser);

/** A PNG of one colour. */
const plain = (color: readonly [number, number, number], height: number, width: number): Uint8Array => {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => color[i % 3]!);
  return encodePng(tensor(data, [height, width, 3], "uint8"));
};

const choose = async (page: Page, name: string, bytes: Uint8Array): Promise<void> =>
  page.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer: Buffer.from(bytes) });

test("a picture of one's own is chosen, kept over a reload, and followed by another", {
  skip: noBrowser,
}, async (t) => {
  const address = await plainServer(t);
  const { page, errors, elsewhere } = await watchedPage(t, `${address}#/learn/numbers?at=0,0&side=24`);
  await page.locator(".pixel-facts").waitFor();
  await choose(page, "mine.png", plain([10, 20, 30], 24, 48));
  await said(page, ".colors", "288 × (10, 20, 30)");
  await said(page, ".pixel-facts .formula", "shape (12, 24, 3)");
  assert.match(page.url(), /image=mine/);

  await page.reload();
  await said(page, ".colors", "288 × (10, 20, 30)");
  await choose(page, "other.png", plain([200, 100, 0], 8, 8));
  await said(page, ".colors", "64 × (200, 100, 0)");

  await choose(page, "none.png", new TextEncoder().encode("no picture at all"));
  await said(page, ".picture-chooser .error", /^cannot decode none\.png: /);
  await said(page, ".colors", "64 × (200, 100, 0)");
  await page.getByRole("button", { name: "Ghost" }).click();
  await said(page, ".colors", "168 × (255, 163, 177)");
  assert.equal(await page.locator(".picture-chooser .error").count(), 0);

  // A page that was opened on another picture still offers the one that was kept.
  await page.reload();
  await page.getByRole("button", { name: "My picture", exact: true }).click();
  await said(page, ".colors", "64 × (200, 100, 0)");
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("pictures that are pasted or dropped are taken, and one that was never there is asked for", {
  skip: noBrowser,
}, async (t) => {
  const address = await plainServer(t);
  const { page } = await watchedPage(t, `${address}#/learn/pooling?image=mine`);
  await said(page, ".error", "there is no picture yet; choose, drop or paste your own");
  const bytes = [...plain([7, 8, 9], 16, 16)];
  await page.evaluate((file) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([Uint8Array.from(file)], "pasted.png", { type: "image/png" }));
    dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
  }, bytes);
  await said(page, ".products output", "max(9, 9, 9, 9) = 9");
  assert.equal(await page.locator(".error").count(), 0);
  await page.evaluate(
    (file) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(file)], "dropped.png", { type: "image/png" }));
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    },
    [...plain([4, 5, 6], 16, 16)],
  );
  await said(page, ".products output", "max(6, 6, 6, 6) = 6");
});

test("an address that somebody wrote by hand is read as well as it can be", { skip: noBrowser }, async (t) => {
  const address = await plainServer(t);
  const state = "size=99&stride=x&padding=&k1=1,2&b1=nothing&filter=7&at=900,-3&image=";
  const { page, errors } = await watchedPage(t, `${address}#/learn/convolution?${state}&color=pink`);
  await said(page, ".error", /there is no picture/);
  await page.getByRole("button", { name: "Ghost" }).click();
  await said(page, ".map .said", "The footprint is at rows 13 to 15, columns 0 to 2");
  assert.deepEqual(errors, []);
});

test("the list of pages is accessible and knows what is solved, light and dark", { skip: noBrowser }, async (t) => {
  const address = await plainServer(t);
  const { page } = await watchedPage(t, `${address}#/learn/numbers?n=161`);
  await said(page, '.challenges [data-solved="true"]', "0xA1");
  await page.getByRole("link", { name: "All pages" }).click();
  await said(page, ".contents li", "1 solved");
  await checkBothThemes(page, "the list of pages");
  await page.getByRole("link", { name: "Convolution" }).click();
  await page.getByRole("heading", { name: "Convolution" }).waitFor();
});
