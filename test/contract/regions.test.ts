// Regions of a linear memory: nothing overlaps, what is given back is used again, and the top comes down.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Regions } from "../../src/backends/wasm/regions.js";
import { Random } from "../../src/core/random.js";

test("regions given back are used again, smallest that fits first, and joined with their neighbours", () => {
  const regions = new Regions(100, 64);
  const [a, b, c, d] = [64, 200, 64, 1].map((bytes) => regions.take(bytes));
  assert.deepEqual([a, b, c, d], [128, 192, 448, 512]);
  assert.equal(regions.top, 576);
  regions.give(b!, 200);
  regions.give(a!, 64);
  assert.equal(regions.take(300), 128, "both together have room for 320");
  regions.give(128, 300);
  regions.give(c!, 64);
  regions.give(d!, 1);
  assert.deepEqual([regions.top, regions.used], [128, 0]);
});

test("a copy changes on its own", () => {
  const regions = new Regions(0, 64);
  const first = regions.take(128);
  regions.take(64);
  regions.give(first, 128);
  const copy = regions.copy();
  assert.equal(copy.take(128), first);
  assert.equal(copy.top, regions.top);
  assert.equal(regions.take(64), first);
  assert.equal(copy.take(64), 192);
});

test("many regions at random never overlap, and all of them given back leave nothing", () => {
  const random = new Random(1, 0);
  const regions = new Regions(0, 64);
  const taken: { address: number; bytes: number }[] = [];
  for (let step = 0; step < 2000; step++)
    if (taken.length > 0 && random.integer(5) < 2) {
      const [region] = taken.splice(random.integer(taken.length), 1);
      regions.give(region!.address, region!.bytes);
    } else {
      const bytes = random.integer(1000);
      const address = regions.take(bytes);
      assert.equal(address % 64, 0);
      for (const other of taken)
        assert.ok(address + bytes <= other.address || other.address + other.bytes <= address, "two regions overlap");
      assert.ok(address + bytes <= regions.top);
      if (bytes > 0) taken.push({ address, bytes });
    }
  for (const { address, bytes } of taken) regions.give(address, bytes);
  assert.deepEqual([regions.top, regions.used], [0, 0]);
});
