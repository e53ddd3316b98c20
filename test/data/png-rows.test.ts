// Rows of sound PNG files: the same samples as fast-png's for every filter and number of channels, and nothing of a file in which
// anything is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { zlibSync } from "fflate";
import { joinBytes } from "../../src/core/bytes.js";
import { crc32 } from "../../src/core/crc.js";
import { Random } from "../../src/core/random.js";
import { viewOver } from "../../src/data/decoders/image.js";
import { chunksOf, uncheckedChunk } from "../../src/data/decoders/png-chunks.js";
import { soundRows } from "../../src/data/decoders/png-rows.js";

const [WIDTH, HEIGHT, HEADER_END] = [7, 15, 33];

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = uncheckedChunk(type, content);
  viewOver(bytes).setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
  return bytes;
}

/** A file of random rows, whose filters are `first` and those after it in turn. */
function fileOf(channels: 1 | 2 | 3 | 4, first: number): Uint8Array {
  const random = new Random(channels, 5, first);
  const line = 1 + WIDTH * channels;
  const lines = Uint8Array.from({ length: HEIGHT * line }, (_, at) =>
    at % line === 0 ? (first + Math.floor(at / line)) % 5 : random.integer(256),
  );
  const head = new Uint8Array(13);
  viewOver(head).setUint32(0, WIDTH);
  viewOver(head).setUint32(4, HEIGHT);
  head.set([8, [0, 4, 2, 6][channels - 1]!, 0, 0, 0], 8);
  const packed = zlibSync(lines);
  const halves = [packed.subarray(0, 20), packed.subarray(20)].map((part) => chunk("IDAT", part));
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  return joinBytes([signature, chunk("IHDR", head), ...halves, chunk("IEND", new Uint8Array(0))]);
}

function rowsOf(file: Uint8Array, channels: number): Uint8Array | undefined {
  const [, ...chunks] = chunksOf(file);
  const facts = { height: HEIGHT, rowBytes: WIDTH * channels, pixelBytes: channels };
  return soundRows(file.subarray(0, HEADER_END), chunks, facts);
}

test("rows of every filter and number of channels are fast-png's", () => {
  for (const channels of [1, 2, 3, 4] as const)
    for (let first = 0; first < 5; first++) {
      const file = fileOf(channels, first);
      assert.deepEqual(rowsOf(file, channels), decode(file).data, `${channels} channels, filter ${first}`);
    }
});

test("nothing is read of a file with a wrong checksum, a wrong filter, too few rows or other chunks", () => {
  const file = fileOf(3, 1);
  for (const at of [20, 50, 60]) {
    const damaged = file.slice();
    damaged[at]! ^= 1;
    assert.equal(rowsOf(damaged, 3), undefined, `byte ${at}`);
  }
  const [, ...chunks] = chunksOf(file);
  const facts = { height: HEIGHT, rowBytes: WIDTH * 3, pixelBytes: 3 };
  const head = file.subarray(0, HEADER_END);
  assert.equal(soundRows(head, chunks, { ...facts, height: HEIGHT + 1 }), undefined);
  // Rows of another length have samples where filters are looked for.
  assert.equal(soundRows(head, chunks, { ...facts, rowBytes: WIDTH * 3 - 1 }), undefined);
  const palette = { type: "PLTE", whole: chunk("PLTE", new Uint8Array(3)) };
  assert.equal(soundRows(head, [palette, ...chunks], facts), undefined);
});
