// Writes a folder of very many small images, to measure the memory that listing, inspecting and training on them takes.
// Usage: node dist/tools/make-many-images.js FOLDER [COUNT=200000] [CLASSES=10]
// Each is a grey BMP of 28x28 with a bar whose place tells the class, and noise that tells the image.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../src/core/random.js";

const [folder = "", count = "200000", classes = "10"] = process.argv.slice(2);
if (folder === "") throw new Error("expected a folder; usage: make-many-images FOLDER [COUNT] [CLASSES]");
const SIDE = 28;
const PALETTE = 54;
const PIXELS = PALETTE + 4 * 256;
const perClass = Math.ceil(Number(count) / Number(classes));

/** A BMP of grey levels, all black. */
function blank(): Buffer {
  const bytes = Buffer.alloc(PIXELS + SIDE * SIDE);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(PIXELS, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(SIDE, 18);
  bytes.writeInt32LE(SIDE, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  for (let level = 0; level < 256; level++) bytes.fill(level, PALETTE + 4 * level, PALETTE + 4 * level + 3);
  return bytes;
}

for (let label = 0; label < Number(classes); label++) {
  const place = join(folder, `class-${String(label).padStart(2, "0")}`);
  mkdirSync(place, { recursive: true });
  // Each image begins one level further in the same noise.
  const random = new Random(1, 7, label);
  const noise = Uint8Array.from({ length: perClass + SIDE * SIDE }, () => random.integer(64));
  const row = Math.floor((label * (SIDE - 4)) / Number(classes));
  const bytes = blank();
  for (let n = 0; n < perClass; n++) {
    bytes.set(noise.subarray(n, n + SIDE * SIDE), PIXELS);
    for (let y = row; y < row + 4; y++) bytes.fill(200, PIXELS + y * SIDE + 4, PIXELS + y * SIDE + SIDE - 4);
    writeFileSync(join(place, `${n}.bmp`), bytes);
  }
}
