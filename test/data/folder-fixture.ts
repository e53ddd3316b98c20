// Temporary image folders for the tests of the data room, filled with the small files of the Pillow fixtures.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

// This file runs from dist/test/data; the fixtures stay where they are committed.
const url = new URL("../../../test/parity/fixtures/pillow.json", import.meta.url);
const { images } = JSON.parse(readFileSync(url, "utf8")) as { images: Record<string, { file: string }> };

/** The bytes of one of the Pillow fixtures. */
export function fixtureImage(name: string): Uint8Array {
  const image = images[name];
  if (image === undefined) throw new Error(`no fixture ${name}`);
  return new Uint8Array(Buffer.from(image.file, "base64"));
}

/** A temporary folder that goes when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fovea-data-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, by path relative to `folder`: the name of a fixture, bytes, or `null` for an empty folder. */
export async function fill(folder: string, content: Record<string, string | Uint8Array | null>): Promise<string> {
  for (const [path, file] of Object.entries(content)) {
    const whole = join(folder, path);
    await mkdir(file === null ? whole : dirname(whole), { recursive: true });
    if (file === null) continue;
    await writeFile(whole, typeof file === "string" ? fixtureImage(file) : file);
    await utimes(whole, 1_700_000_000, 1_700_000_000);
  }
  return folder;
}

/** Two classes, three formats, four modes, unlike sizes, names in need of code-point order. */
export const SMALL = {
  "东/2.png": "png-2-8-plain.png",
  "东/10.png": "png-6-8-adam7.png",
  "东/photo.JPG": "jpeg-420.jpg",
  "鸟/1.gif": "gif-palette.gif",
  "鸟/2.bmp": "bmp-RGB.bmp",
  "鸟/3.webp": "webp-alpha.webp",
} as const;
