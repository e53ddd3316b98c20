// Near copies by hashes: the search finds what a comparison one by one finds, turned pictures are told from each other, crops
// and insertions are found by tiles, and copies to the byte without reading what cannot be one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode } from "fast-png";
import { Random } from "../../src/core/random.js";
import {
  cropPairs,
  fingerprintsOf,
  HashIndex,
  hashDistance,
  hashFromText,
  hashText,
  joinedTiles,
  nearPairs,
  type PendingFile,
  type Pixels,
  pdqHashes,
  resizeImage,
  TURNS,
  type TurnName,
  tilesOf,
  turnUpright,
} from "../../src/data/index.js";
import { discs } from "../../tools/pdq-pictures.js";

/** EXIF orientations by the turn of the picture that they ask for. */
const ORIENTATIONS: Readonly<Record<TurnName, 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8>> = {
  upright: 1,
  mirrored: 2,
  "turned-180": 3,
  flipped: 4,
  transposed: 5,
  "turned-270": 6,
  transversed: 7,
  "turned-90": 8,
};

const table = (pictures: readonly Pixels[]) => {
  const found = pictures.map(pdqHashes);
  const hashes = new Uint32Array(64 * found.length);
  for (const [n, photo] of found.entries()) hashes.set(photo.hashes, 64 * n);
  return { hashes, qualities: Uint8Array.from(found, ({ quality }) => quality) };
};

const memoryFile = (name: string, bytes: Uint8Array): PendingFile => ({
  name,
  size: bytes.length,
  source: async () => bytes,
});

const png = ({ width, height, channels, data }: Pixels, text?: Record<string, string>): Uint8Array =>
  encode({ width, height, channels, data, depth: 8, ...(text && { text }) });

test("a search by parts finds the hashes that a comparison one by one finds", () => {
  const random = new Random(3, 7, 0);
  const count = 6000;
  const hashes = Uint32Array.from({ length: 8 * count }, () => random.integer(2 ** 32));
  const wanted = hashes.slice(0, 8);
  // Neighbours at the distances where parts might miss them: one bit a part, two bits a part.
  for (const [row, distance] of [0, 1, 15, 16, 31, 32, 47, 48].entries()) {
    const neighbour = wanted.slice();
    for (let bit = 0; bit < distance; bit++) {
      const at = (bit * 16 + (bit >> 4) * 5) % 256;
      neighbour[at >> 5]! ^= 1 << (at & 31);
    }
    hashes.set(neighbour, 8 * (100 + row));
    assert.equal(hashDistance(hashes, 100 + row, wanted, 0), distance);
  }
  const index = new HashIndex(hashes);
  for (const threshold of [0, 15, 16, 31, 47, 48, 90]) {
    const found = new Map<number, number>();
    index.near(wanted, 0, threshold, (row, distance) => found.set(row, distance));
    const expected = new Map<number, number>();
    for (let row = 0; row < count; row++) {
      const distance = hashDistance(wanted, 0, hashes, row);
      if (distance <= threshold) expected.set(row, distance);
    }
    assert.deepEqual(
      [...found].sort(([a], [b]) => a - b),
      [...expected],
    );
  }
  assert.throws(() => index.near(wanted, 0, 257, () => {}), /threshold/);
});

test("the text of a hash is read back, and anything else refused", () => {
  const hash = Uint32Array.of(1, 2 ** 31, 0, 0xdeadbeef, 5, 6, 7, 2 ** 32 - 1);
  assert.deepEqual(hashFromText(hashText(hash)), hash);
  assert.match(hashText(hash), /^ffffffff/);
  assert.throws(() => hashFromText("12"), /64 hexadecimal digits/);
});

test("each turn of a picture is found as that turn", async () => {
  // Sizes of which the samples lie alike from both ends.
  const picture = discs(6, 320, 192, 3, 40);
  const turned = TURNS.map((turn) => turnUpright(picture, ORIENTATIONS[turn]));
  const pairs = await nearPairs(table([picture, ...turned, discs(3, 320, 192, 3, 40)]));
  const fromFirst = pairs.filter(({ first }) => first === 0);
  assert.deepEqual(
    fromFirst.map(({ second, turn }) => [second, turn]),
    TURNS.map((turn, n) => [n + 1, turn]),
  );
  assert.ok(!pairs.some(({ second }) => second === 9));
});

test("pictures that show nothing are no near copies of each other", async () => {
  const flat = { width: 60, height: 60, channels: 1, data: new Uint8Array(3600).fill(80) };
  assert.deepEqual(await nearPairs(table([flat, flat])), []);
  await assert.rejects(nearPairs(table([]), { treshold: 3 } as object), /unknown option "treshold"/);
});

test("crops, mirrored crops and insertions are found by tiles, and laid on the picture", async () => {
  const cut = ({ width, channels, data }: Pixels, left: number, top: number, w: number, h: number): Pixels => {
    const rows = Array.from({ length: h }, (_, y) =>
      data.subarray(((top + y) * width + left) * channels, ((top + y) * width + left + w) * channels),
    );
    return { width: w, height: h, channels, data: Uint8Array.from(Buffer.concat(rows)) };
  };
  const pictures = [4, 9, 14, 19].map((seed) => discs(seed, 320, 240, 3, 50));
  const half = cut(pictures[0]!, 90, 70, 160, 120);
  const mirroredHalf = resizeImage(turnUpright(cut(pictures[1]!, 40, 30, 200, 150), 2), 120, 160, "bilinear");
  // A picture within another.
  const insertion = { ...pictures[2]!, data: pictures[2]!.data.slice() };
  const small = resizeImage(pictures[3]!, 150, 200, "bilinear");
  for (let y = 0; y < 150; y++)
    insertion.data.set(small.data.subarray(600 * y, 600 * (y + 1)), ((y + 60) * 320 + 80) * 3);
  const all = [...pictures, half, mirroredHalf, insertion];
  const tiles = joinedTiles(all.map((picture, image) => ({ image, tiles: tilesOf(picture) })));
  const sizes = {
    widths: Uint32Array.from(all, ({ width }) => width),
    heights: Uint32Array.from(all, ({ height }) => height),
  };
  const look = async (image: number) => {
    const { data, channels } = resizeImage(all[image]!, 128, 128, "bilinear");
    return { side: 128, levels: data.filter((_, at) => at % channels === 1) };
  };
  const pairs = await cropPairs(tiles, sizes, look);
  const found = pairs.map(({ first, second, isMirrored }) => `${first} ${second} ${isMirrored}`);
  assert.deepEqual(found, ["0 4 false", "1 5 true", "3 6 false"]);
  const near = (share: number, expected: number): void => assert.ok(Math.abs(share - expected) < 0.03, `${share}`);
  const [{ partOfFirst, partOfSecond }] = pairs as [(typeof pairs)[0]];
  near(partOfFirst.left, 90 / 320);
  near(partOfFirst.bottom, 190 / 240);
  near(partOfSecond.right, 1);
  near(pairs[2]!.partOfSecond.left, 80 / 320);
});

test("a file is known again under other metadata, and one that cannot be decoded hides no other", async () => {
  const picture = discs(4, 120, 90, 3);
  const files = [
    memoryFile("a", png(picture)),
    memoryFile("b", png(picture, { Comment: "again" })),
    memoryFile("c", Uint8Array.of(1, 2, 3)),
    memoryFile("d", png(discs(9, 120, 90, 3))),
  ];
  const prints = await fingerprintsOf(files);
  assert.equal(prints.pixels[0], prints.pixels[1]);
  assert.notEqual(prints.bytes[0], prints.bytes[1]);
  assert.notEqual(prints.pixels[0], prints.pixels[3]);
  assert.deepEqual(
    prints.errors.map(({ at }) => at),
    [2],
  );
});
