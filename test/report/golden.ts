// Compares text with a committed file of test/golden; FOVEA_UPDATE_GOLDEN=1 writes the files anew.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

export function golden(name: string, text: string): void {
  const file = new URL(`../../../test/golden/${name}`, import.meta.url);
  if (process.env.FOVEA_UPDATE_GOLDEN === "1") writeFileSync(file, text);
  assert.ok(existsSync(file), `test/golden/${name} is missing; FOVEA_UPDATE_GOLDEN=1 npm test writes it`);
  const expected = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  assert.equal(text, expected, `test/golden/${name} differs; look at it, then FOVEA_UPDATE_GOLDEN=1 npm test`);
}
