// PDQ hashes, qualities and the hashes of all turns are those of the reference, to the bit (tools/pdq-vectors.ts).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hashText, pdqHash, pdqHashes, TURNS } from "../../src/data/index.js";
import { pdqPictures } from "../../tools/pdq-pictures.js";

interface Vector {
  readonly name: string;
  readonly quality: number;
  readonly hash: string;
  readonly turns: readonly string[];
}

const fixture = new URL("../../../test/parity/fixtures/pdq.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(fixture, "utf8")) as { vectors: Vector[] };
const pictures = pdqPictures();

test("hashes and qualities are the reference's", () => {
  assert.equal(vectors.length, pictures.length);
  for (const { name, picture } of pictures) {
    const vector = vectors.find((known) => known.name === name)!;
    const { hash, quality } = pdqHash(picture);
    assert.equal(hashText(hash), vector.hash, name);
    assert.equal(quality, vector.quality, name);
  }
});

test("the hashes of all eight turns are the reference's", () => {
  for (const { name, picture } of pictures) {
    // The reference smooths 64 x 64 pixels only when it hashes their turns.
    if (name.startsWith("64x64")) continue;
    const vector = vectors.find((known) => known.name === name)!;
    const { hashes } = pdqHashes(picture);
    for (const [n, turn] of TURNS.entries())
      assert.equal(hashText(hashes.subarray(8 * n, 8 * n + 8)), vector.turns[n], `${name} ${turn}`);
  }
});
