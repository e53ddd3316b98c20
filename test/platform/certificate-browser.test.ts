// Certificates across machines: signed in Node, checked and made again in a browser; signatures are those of RFC 8032.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromHex } from "../../src/core/hex.js";
import {
  certify,
  closeData,
  makeRecipe,
  RunFolder,
  readCertificate,
  startRun,
  train,
  writeCertificate,
} from "../../src/experiment/index.js";
import { saveKeras } from "../../src/formats/models/keras.js";
import { publicKeyOf, signText, verifyText } from "../../src/platform/signing.js";
import { load, photos, write } from "../cases/class-folders.js";
import { PLAN } from "../cases/plan.js";
import { noBrowser, runInBrowser } from "./browser.js";
import type { CertificatePageAnswer, PageCase } from "./certificate-page.js";

/** The second key of RFC 8032, section 7.1, with its signature of the byte 72, an "r". */
const SECRET = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE =
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
const DER = Buffer.from(fromHex(`302e020100300506032b657004220420${SECRET}`)).toString("base64");
const KEY = `-----BEGIN PRIVATE KEY-----\n${DER}\n-----END PRIVATE KEY-----\n`;

test("signatures are those of RFC 8032", async () => {
  assert.equal(await publicKeyOf(KEY), PUBLIC);
  assert.deepEqual(await signText("r", KEY), { publicKey: PUBLIC, signature: SIGNATURE });
  assert.equal(await verifyText("r", { publicKey: PUBLIC, signature: SIGNATURE }), true);
  assert.equal(await verifyText("s", { publicKey: PUBLIC, signature: SIGNATURE }), false);
});

/** A folder that pages can read: below the compiled modules. Gone after the test. */
function servedFolder(t: TestContext): { readonly path: string; readonly address: string } {
  const path = mkdtempSync(join(fileURLToPath(new URL("./", import.meta.url)), "served-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return { path, address: `/dist/test/platform/${path.split(/[\\/]/).at(-1)}` };
}

test("a browser checks a certificate of Node on class folders of a disk, finds what was changed, and trains to the same", {
  skip: noBrowser,
}, async (t) => {
  const { path, address } = servedFolder(t);
  const images = {
    ...photos("Train/a", 10),
    ...photos("Train/b", 10, 50),
    ...photos("Test/a", 4, 100),
    ...photos("Test/b", 4, 150),
  };
  write(join(path, "pets"), images);
  const data = await load(join(path, "pets"));
  const recipe = makeRecipe(PLAN, data);
  await startRun(join(path, "run"), recipe, data, { threads: 2 });
  const folder = await RunFolder.open(join(path, "run"));
  const { certificate } = await certify(folder, data, { key: KEY, threads: 2 });
  const other = await train({ ...recipe, seed: 2 }, data);
  writeFileSync(join(path, "other.keras"), await saveKeras(other.model));
  await other.model.close();
  await closeData(data);
  writeFileSync(join(path, "run", "certificate.json"), writeCertificate(certificate!));
  const run = readdirSync(join(path, "run"), { withFileTypes: true }).filter((entry) => entry.isFile());
  const listed: PageCase = { run: run.map(({ name }) => name), images: Object.keys(images), key: KEY };
  writeFileSync(join(path, "files.json"), JSON.stringify(listed));

  const answer = (await runInBrowser(`certificate-page.js?folder=${address}`)) as CertificatePageAnswer;
  assert.deepEqual([answer.signature, answer.isVerified], [SIGNATURE, true]);
  assert.deepEqual([answer.equal, answer.broken], [["recipe", "weights", "history", "metrics", "images"], []]);
  assert.match(answer.changed.weights, /^run: the weights in model\.keras are not those that were certified/);
  assert.match(answer.changed.recipe, /^run: recipe\.json is not the one that was certified/);
  assert.match(answer.changed.image, /^the images in .*Test are not those of the run: expected 8 with hash/);
  const again = await readCertificate(JSON.stringify(answer.certificate));
  assert.equal(again.weights_sha256, certificate!.weights_sha256);
  assert.deepEqual([again.replay.threads, again.replay.node], [1, undefined]);
  assert.match(again.replay.platform, /Chrom/);
});
