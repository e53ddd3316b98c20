// Case 37: ONNX files whose weights lie in another file beside them, as PyTorch writes them.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openModelFile } from "../../src/experiment/models/trained-model.js";
import { bytesOf, given, worst } from "../formats/onnx-fixtures.js";

const NAME = "external";
const DATA = `${NAME}.onnx.data`;
const home = mkdtempSync(join(tmpdir(), "fovea-external-"));
after(() => rmSync(home, { recursive: true }));

const fixture = (file: string): string =>
  fileURLToPath(new URL(`../../../test/formats/fixtures/onnx-operators/${file}`, import.meta.url));

/** A folder with the model and, where it is given, what stands for its data. */
function folder(name: string, data?: (path: string) => void, model: Uint8Array = bytesOf(`${NAME}.onnx`)): string {
  const inside = join(home, name);
  mkdirSync(inside);
  writeFileSync(join(inside, "model.onnx"), model);
  data?.(join(inside, DATA));
  return join(inside, "model.onnx");
}
const beside = (path: string): void => copyFileSync(fixture(DATA), path);

/** The model's bytes with one text in place of another of the same length. */
function naming(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(bytesOf(`${NAME}.onnx`)).toString("latin1");
  assert.equal(from.length, to.length);
  assert.ok(bytes.includes(from));
  return Uint8Array.from(Buffer.from(bytes.replaceAll(from, to), "latin1"));
}

test("weights beside the model are found", async () => {
  const { loaded } = await openModelFile(folder("good", beside));
  const off = worst((await loaded.model.predict(given(NAME).x)).data, given(NAME).y);
  await loaded.model.close();
  assert.ok(off < 1e-5, `off by ${off}`);
});

test("a missing file is named", async () => {
  const path = folder("missing");
  await assert.rejects(
    () => openModelFile(path),
    (error: Error) => error.message.startsWith(`${path}: its weights are in ${DATA}, which is not beside it`),
  );
});

test("no name and no link leads out of the model's folder", async () => {
  copyFileSync(fixture(DATA), join(home, DATA));
  const names = [
    "../external.onn.da",
    "/etc/passwd/../pa.",
    "C:\\external.data..",
    "a/../../etc/passwd",
    "\\\\server\\share\\da.",
    "external\0onnx.data",
  ];
  for (const [index, name] of names.entries()) {
    const path = folder(`out${index}`, beside, naming(DATA, name.padEnd(DATA.length, ".").slice(0, DATA.length)));
    await assert.rejects(() => openModelFile(path), /leads out of the model's folder/, name);
  }
  const path = folder("link", (data) => symlinkSync(join(home, DATA), data));
  await assert.rejects(() => openModelFile(path), /leads out of its folder/);
  // A link that stays inside is as good as the file.
  const within = folder("inside", (data) => {
    copyFileSync(fixture(DATA), `${data}.real`);
    symlinkSync(`${data}.real`, data);
  });
  const { loaded } = await openModelFile(within);
  await loaded.model.close();
});

test("bytes that the file does not have are not read", async () => {
  const short = folder("short", (data) => writeFileSync(data, bytesOf(DATA).subarray(0, 100)));
  await assert.rejects(() => openModelFile(short), /lies in bytes \d+ to \d+ of external\.onnx\.data, which has 100/);
  const odd = folder("odd", beside, naming("length", "lengtH"));
  await assert.rejects(() => openModelFile(odd), /needs \d+ numbers, found \d+/);
  const words = folder("words", beside, naming("location", "locatioN"));
  await assert.rejects(() => openModelFile(words), /leads out of the model's folder/);
});
