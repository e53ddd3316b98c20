// Contents of JPEG files of 50 encoders and settings, against ImageMagick (quality), exiftool (subsampling, process),
// Pillow (tables) and libjpeg (coefficients): tools/compression-fixtures.py. Damaged files end in one sentence.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { unzipSync } from "fflate";
import { crc32 } from "../../src/core/crc.js";
import { FoveaError } from "../../src/core/errors.js";
import { readCoefficients } from "../../src/forensics/jpeg/coefficients.js";
import {
  estimatedQuality,
  knownProgram,
  standardQuality,
  standardTable,
} from "../../src/forensics/jpeg/quantization.js";
import { hasOptimizedTables, readStructure, subsamplingOf } from "../../src/forensics/jpeg/structure.js";

interface Said {
  readonly quality: number;
  /** Factors of the first component as exiftool prints them, or null. */
  readonly subsampling: string | null;
  /** The frame's type, 0 to 15. */
  readonly process: number;
  readonly components: number;
  readonly tables: Readonly<Record<string, readonly number[]>>;
  readonly coefficients: readonly [columns: number, rows: number, crc: string];
}

const files = unzipSync(readFileSync(new URL("../../../test/forensics/fixtures/compression.zip", import.meta.url)));
const oracle = JSON.parse(new TextDecoder().decode(files["oracle.json"])) as Readonly<Record<string, Said>>;
const NAMES = Object.keys(oracle);
/** The number that `identify -format %Q` prints without an estimate. */
const NO_ESTIMATE = 92;
const SUBSAMPLING: Readonly<Record<string, string>> = {
  "1 1": "4:4:4",
  "2 1": "4:2:2",
  "2 2": "4:2:0",
  "1 2": "4:4:0",
  "4 1": "4:1:1",
};

test("tables, quality, subsampling and process of 50 files are those that other programs read", () => {
  assert.equal(NAMES.length, 50);
  for (const name of NAMES) {
    const said = oracle[name]!;
    const { frame, tables } = readStructure(files[name]!);
    assert.equal(frame.marker - 0xc0, said.process, name);
    assert.equal(frame.components.length, said.components, name);
    // exiftool has no name for colours that differ from each other in their factors.
    const isNamed = frame.components.slice(1).every(({ across, down }) => across === 1 && down === 1);
    if (isNamed && said.subsampling !== null && said.subsampling in SUBSAMPLING)
      assert.equal(subsamplingOf(frame), SUBSAMPLING[said.subsampling], name);
    for (const [id, steps] of Object.entries(said.tables)) assert.deepEqual([...tables[Number(id)]!], steps, name);
    assert.equal(estimatedQuality(tables) ?? NO_ESTIMATE, said.quality, name);
  }
});

test("coefficients of 50 baseline and progressive files are libjpeg's", async () => {
  for (const name of NAMES) {
    const { columns, rows, values } = await readCoefficients(files[name]!);
    const crc = crc32(new Uint8Array(values.buffer)).toString(16).padStart(8, "0");
    assert.deepEqual([columns, rows, crc], oracle[name]!.coefficients, name);
  }
});

test("tables tell programs", () => {
  const programOf = (name: string): string | undefined => knownProgram(readStructure(files[name]!).tables[0]!);
  assert.match(programOf("pillow-85.jpg")!, /libjpeg.*quality 85$/);
  assert.match(programOf("preset-web_low.jpg")!, /Photoshop.*web, low$/);
  assert.equal(programOf("own-table.jpg"), undefined);
  assert.equal(standardQuality("chrominance", standardTable("chrominance", 37)), 37);
});

test("Huffman tables that were made for an image are told from the standard's", () => {
  const isOptimized = (name: string): boolean => hasOptimizedTables(readStructure(files[name]!));
  assert.equal(isOptimized("cjpeg-optimize.jpg"), true);
  assert.equal(isOptimized("cjpeg-restart-1.jpg"), false);
});

test("damaged files end in one sentence", async () => {
  const names = ["pillow-90.jpg", "cjpeg-restart-1B-progressive.jpg", "cjpeg-sample-2x2-progressive.jpg"];
  let refused = 0;
  for (const name of names) {
    const whole = files[name]!;
    for (let n = 0; n < 60; n++) {
      // A cut, or a changed byte, at places all over the file.
      const at = 2 + Math.floor(((whole.length - 4) * n) / 60);
      const damaged = n % 2 === 0 ? whole.slice(0, at) : whole.slice();
      if (n % 2 === 1) damaged[at]! ^= 0xff;
      try {
        await readCoefficients(damaged);
      } catch (error) {
        assert.ok(error instanceof FoveaError, `${name} ${n}: ${error}`);
        refused++;
      }
    }
  }
  assert.ok(refused >= 80, `${refused} refused`);
});

test("a small file that claims 65,535 x 65,535 pixels takes no memory", async () => {
  const bytes = files["pillow-90.jpg"]!.slice();
  const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
  bytes.fill(0xff, at + 5, at + 9);
  await assert.rejects(readCoefficients(bytes), /it claims to be 65535 x 65535 pixels/);
});
