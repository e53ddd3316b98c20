// Folders that appear whole or not at all: what fails while files are being written is told in its sentence, when none of
// them is being written any more.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type GeneratedFile, writeWholeFolder } from "../../src/data/generators/whole-folder.js";
import { temporaryFolder } from "./folder-fixture.js";

const file = (path: string): GeneratedFile => ({ path, content: new Uint8Array(1000) });
const pause = (): Promise<void> => new Promise((resume) => setTimeout(resume, 20));

test("a file that cannot be written is told, though others are still being made", async (t) => {
  const root = temporaryFolder();
  const unhandled: unknown[] = [];
  const listen = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", listen);
  t.after(() => process.off("unhandledRejection", listen));
  async function* files(): AsyncGenerator<GeneratedFile, void, undefined> {
    yield file("a/b.png");
    yield file("a");
    await pause();
    yield file("c.png");
  }
  await assert.rejects(writeWholeFolder(join(root, "out"), files()), /^FoveaError: cannot write .*a: it is a folder/);
  await pause();
  assert.deepEqual([unhandled, readdirSync(root)], [[], []]);
});

test("a file that cannot be made leaves none of those that were being written", async () => {
  const root = temporaryFolder();
  async function* files(): AsyncGenerator<GeneratedFile, void, undefined> {
    for (let i = 0; i < 40; i++) yield file(`${i % 2}/${i}.png`);
    throw new Error("no more");
  }
  await assert.rejects(writeWholeFolder(join(root, "out"), files()), /no more/);
  assert.deepEqual(readdirSync(root), []);
});
