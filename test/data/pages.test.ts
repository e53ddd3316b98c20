// Generated pages: the same pages for the same seed, each alone as among others, and boxes that hold the ink of their characters.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { decodeImage, PAGE_CHARACTERS, pageImage, writePages } from "../../src/data/index.js";

test("boxes lie on the page around ink, apart from one another", () => {
  const page = pageImage(3, { seed: 5, height: 96, width: 128 });
  assert.deepEqual(pageImage(3, { seed: 5, height: 96, width: 128 }), page);
  assert.notDeepEqual(pageImage(4, { seed: 5, height: 96, width: 128 }).pixels, page.pixels);
  assert.ok(page.boxes.length > 3 && page.boxes.length <= 12);
  for (const { character, x, y, width, height } of page.boxes) {
    assert.ok(PAGE_CHARACTERS.includes(character));
    assert.ok(x >= 0 && y >= 0 && x + width <= 128 && y + height <= 96);
    // A place of 32 pixels holds one character.
    assert.equal(Math.floor(x / 32), Math.floor((x + width - 1) / 32));
    const rowHasInk = (row: number): boolean =>
      page.pixels.subarray(row * 128 + x, row * 128 + x + width).some((grey) => grey < 160);
    assert.ok(rowHasInk(y) && rowHasInk(y + height - 1), "the first and the last row have ink");
  }
  const inside = (at: number): boolean =>
    page.boxes.some(({ x, y, width, height }) => {
      const [row, column] = [Math.floor(at / 128), at % 128];
      return column >= x && column < x + width && row >= y && row < y + height;
    });
  assert.ok(
    [...page.pixels.keys()].every((at) => page.pixels[at]! >= 160 || inside(at)),
    "no ink is outside of all boxes",
  );
});

test("a folder of pages has the pages and their boxes as COCO has them; sizes that cannot be are refused", async () => {
  const directory = mkdtempSync(join(tmpdir(), "fovea-pages-"));
  try {
    const folder = join(directory, "pages");
    const totals = await writePages(folder, { count: 2, seed: 5, height: 64, width: 96 });
    const coco = JSON.parse(readFileSync(join(folder, "annotations.json"), "utf8"));
    assert.equal(coco.annotations.length, totals.characters);
    assert.deepEqual(
      coco.images.map(({ file_name: name }: { file_name: string }) => name),
      ["images/P0001.png", "images/P0002.png"],
    );
    const page = pageImage(2, { seed: 5, height: 64, width: 96 });
    const image = await decodeImage(readFileSync(join(folder, "images/P0002.png")), "P0002.png");
    assert.deepEqual(Buffer.from(image.data), Buffer.from(page.pixels));
    const [first] = coco.annotations.filter(({ image_id: id }: { image_id: number }) => id === 2);
    const { x, y, width, height, character } = page.boxes[0]!;
    assert.deepEqual(first.bbox, [x, y, width, height]);
    assert.equal(coco.categories[first.category_id - 1].name, character);
    await assert.rejects(
      writePages(join(directory, "small"), { height: 32 }),
      /pages height: expected 64 to 512, received 32/,
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
