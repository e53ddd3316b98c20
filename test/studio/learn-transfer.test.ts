// Transfer: frozen weights stay the same to the bit, trained ones change, and their numbers are the library's.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { learnPage, runShownCode, said, turnTo } from "./learn.js";
import { checkBothThemes, closeBrowser, noBrowser } from "./page.js";

after(closeBrowser);

const skip = noBrowser;

/** Weights, trained, changed of each part. */
async function table(page: Page): Promise<Readonly<Record<string, readonly number[]>>> {
  const rows = await page.locator(".weight-table tbody tr").evaluateAll((found) =>
    found.map((row) => {
      const { dataset, cells } = row as unknown as {
        dataset: { group: string };
        cells: Iterable<{ textContent: string }>;
      };
      return [dataset.group, [...cells].map(({ textContent }) => textContent)] as const;
    }),
  );
  return Object.fromEntries(
    rows.map(([group, cells]) => [group, cells.slice(2, 5).map((text) => Number(text.replaceAll(",", "")))]),
  );
}

test("with the head alone trained, nothing else has changed", { skip }, async (t) => {
  const { page, errors, elsewhere } = await learnPage(t, "transfer?steps=20");
  await said(page, "#parameters", "770 trained + 107,728 frozen = 108,498");
  assert.deepEqual(await table(page), {
    block1: [208, 0, 0],
    block2: [4736, 0, 0],
    block3: [18_688, 0, 0],
    block4: [55_680, 0, 0],
    places: [28_416, 0, 0],
    head: [770, 770, 770],
  });
  await said(page, "#accuracy", "40");
  await said(page, '.challenges [data-solved="true"]', "nothing but the new head");
  const printed = await runShownCode(t, page);
  assert.match(printed, /^108498 770$/m);
  assert.match(printed, /^head\/kernel 768$/m);
  assert.match(printed, /conv1\/kernel 0$/m);
  assert.match(printed, /accuracy: 1\b/);
  assert.deepEqual({ errors, elsewhere }, { errors: [], elsewhere: [] });
});

test("parts are thawed by keys; means and variances are never trained", { skip }, async (t) => {
  const { page } = await learnPage(t, "transfer");
  await said(page, "#parameters", "770 trained");
  await page.getByRole("switch", { name: "4th block" }).focus();
  await page.keyboard.press("Space");
  await said(page, "#parameters", "56,258 trained + 52,240 frozen = 108,498");
  const { block3, block4, head } = await table(page);
  // 3 · 3 · 64 · 96 and 2 of 4 · 96.
  assert.deepEqual(
    [block3, block4!.slice(0, 2)],
    [
      [18_688, 0, 0],
      [55_680, 55_488],
    ],
  );
  assert.ok(block4![2]! > 50_000 && block4![2]! <= 55_488 && head![2]! === 770);
  await said(page, '.challenges [data-solved="true"]', "56,258");
  await page.waitForURL(/train=block4\.head/);
});

test("nothing trained changes nothing, everything at a low rate little", { skip }, async (t) => {
  const { page } = await learnPage(t, "transfer?train=none");
  await said(page, "#parameters", "0 trained + 108,498 frozen");
  assert.ok(Object.values(await table(page)).every(([, trained, changed]) => trained === 0 && changed === 0));
  await turnTo(page, "transfer?train=block1.block2.block3.block4.places.head&rate=0.00001");
  await said(page, "#parameters", "107,314 trained");
  const { block1, places } = await table(page);
  assert.ok(block1![2]! > 0 && places![2]! > 20_000);
  await said(page, '.challenges [data-solved="true"]', "gently");
});

test("the page of transfer is accessible, light and dark", { skip }, async (t) => {
  const { page } = await learnPage(t, "transfer?train=block4.head");
  await said(page, "#parameters", "trained");
  await checkBothThemes(page, "transfer");
});
