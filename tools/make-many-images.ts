// Writes a folder of very many small images, to measure the memory that listing, inspecting and training on them takes.
// Usage: node dist/tools/make-many-images.js FOLDER [COUNT=200000] [CLASSES=10]
// Each is a grey BMP of 28x28 with a bar whose place tells the class, and noise that tells the image.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../src/core/random.js";
import { BMP_PIXELS, blackBmp } from "./grey-bmp.js";

const [folder = "", count = "200000", classes = "10"] = process.argv.slice(2);
if (folder === "") throw new Error("expected a folder; usage: make-many-images FOLDER [COUNT] [CLASSES]");
const SIDE = 28;
const perClass = Math.ceil(Number(count) / Number(classes));

for (let label = 0; label < Number(classes); label++) {
  const directory = join(folder, `class-${String(label).padStart(2, "0")}`);
  mkdirSync(directory, { recursive: true });
  // Each image begins one level further in the same noise.
  const random = new Random(1, 7, label);
  const noise = Uint8Array.from({ length: perClass + SIDE * SIDE }, () => random.integer(64));
  const row = Math.floor((label * (SIDE - 4)) / Number(classes));
  const bytes = blackBmp(SIDE, SIDE);
  for (let n = 0; n < perClass; n++) {
    bytes.set(noise.subarray(n, n + SIDE * SIDE), BMP_PIXELS);
    for (let y = row; y < row + 4; y++) bytes.fill(200, BMP_PIXELS + y * SIDE + 4, BMP_PIXELS + y * SIDE + SIDE - 4);
    writeFileSync(join(directory, `${n}.bmp`), bytes);
  }
}
