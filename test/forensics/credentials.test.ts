// Content credentials: their presence without the official reader, and what the reader's own answers become
// (tools/c2pa-fixtures.js recorded them). Where the reader is installed, or its package's folder is in FOVEA_C2PA, it is asked.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { credentialsWith } from "../../src/forensics/credentials/credentials.js";
import { openReader, READER_PACKAGE } from "../../src/forensics/credentials/reader.js";
import { openedImage } from "../../src/forensics/examine.js";
import type { Evidence } from "../../src/forensics/record/evidence.js";
import type { ImportPackage } from "../../src/platform/packages.js";
import { chunk, jpegWith, pngWith, segment } from "./made-files.js";

const fixtures = new URL("../../../test/forensics/fixtures/credentials/", import.meta.url);
const signed = Uint8Array.from(readFileSync(new URL("signed.jpg", fixtures)));
const trustAnchors = readFileSync(new URL("anchors.pem", fixtures), "utf8");
const answers = JSON.parse(readFileSync(new URL("answers.json", fixtures), "utf8")) as Readonly<Record<string, object>>;

/** A package that gives a recorded answer and notes the settings that it is asked with. */
function recorded(answer: string, settings: string[] = []): ImportPackage {
  // c2pa-rs gives a class; what is called of it is a function of the class.
  const fromBytes = (_format: string, _bytes: Uint8Array, asked: string) => {
    settings.push(asked);
    return Promise.resolve({ json: () => answer, free: () => undefined });
  };
  const WasmReader = Object.assign(() => undefined, { fromBytes });
  return (name) =>
    Promise.resolve(name === READER_PACKAGE ? { default: () => Promise.resolve(), WasmReader } : undefined);
}

const readFile = (): Promise<Uint8Array> => Promise.resolve(new TextEncoder().encode('{"version": "0.15.0"}'));

async function evidenceOf(
  find: ImportPackage,
  bytes: Uint8Array = signed,
  anchors: string | undefined = trustAnchors,
): Promise<Evidence> {
  const image = await openedImage(bytes, { name: "photo.jpg", ...(anchors && { trustAnchors: anchors }) });
  return credentialsWith(() => openReader(find, readFile)).run(image);
}

test("without the reader credentials are found, not looked at, and the way to look is told", async () => {
  const { finding, sentence, rows } = await evidenceOf(() => Promise.resolve(undefined));
  assert.equal(finding, "unable");
  assert.match(
    sentence,
    /has content credentials, and they were not looked at: install .*npm install @contentauth\/c2pa-wasm/,
  );
  assert.match(rows?.[0]?.value ?? "", /^\d{4} bytes$/);
});

test("a file without credentials is no sign of anything; other boxes are none", async () => {
  const none = await evidenceOf(() => assert.fail("no package is looked for"), jpegWith());
  assert.deepEqual([none.finding, /no sign of forgery/.test(none.sentence)], ["unable", true]);
  const other = segment(0xeb, new TextEncoder().encode("JP\0\u0001\0\0\0\u0001\0\0\0\u0010jumb other"));
  assert.match(
    (await evidenceOf(() => assert.fail("not asked"), jpegWith(other))).sentence,
    /has no content credentials/,
  );
});

test("credentials are found in PNG as well", async () => {
  const png = pngWith(chunk("caBX", new Uint8Array(500)));
  assert.match((await evidenceOf(() => Promise.resolve(undefined), png)).sentence, /has content credentials/);
});

test("integrity and trust are told apart", async () => {
  const look = (name: string, anchors?: string): Promise<Evidence> =>
    evidenceOf(recorded(JSON.stringify(answers[name])), signed, anchors ?? "");
  const untrusted = await look("untrusted");
  assert.equal(untrusted.finding, "notable");
  assert.match(untrusted.sentence, /unchanged since "Test camera" signed it; no trusted signer was named/);
  const trusted = await look("trusted", trustAnchors);
  assert.equal(trusted.finding, "verifies");
  assert.match(trusted.sentence, /"Test camera", whom you trust, has signed the file, and it is unchanged since\./);
  const changed = await look("changed", trustAnchors);
  assert.deepEqual(
    [changed.finding, changed.sentence],
    ["contradicts", 'The file was changed after "Test camera" signed it.'],
  );
  const generated = await look("generated", trustAnchors);
  assert.equal(generated.finding, "contradicts");
  assert.match(generated.sentence, /calls it a picture that a trained model generated/);
  const rows = Object.fromEntries((trusted.rows ?? []).map(({ label, value }) => [label, value]));
  assert.equal(rows.Reader, "@contentauth/c2pa-wasm 0.15.0");
  assert.equal(rows["Declared step"], "c2pa.created (digitalCapture)");
});

test("the reader is told to fetch nothing, and what it answers is not believed to have a form", async () => {
  const settings: string[] = [];
  await evidenceOf(recorded(JSON.stringify(answers.trusted), settings));
  const { verify, trust } = JSON.parse(settings[0]!) as { verify: object; trust: { trust_anchors: string } };
  assert.deepEqual(verify, { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false });
  assert.equal(trust.trust_anchors, trustAnchors);
  const empty = await evidenceOf(recorded('{"active_manifest": "constructor", "manifests": {}}'));
  assert.equal(empty.finding, "unable");
  await assert.rejects(evidenceOf(recorded('{"manifests": 5}')), /answers in a form that is not known here/);
  await assert.rejects(evidenceOf(recorded("no JSON")), /answers in a form that is not known here/);
});

const folder = process.env.FOVEA_C2PA;
const real = folder === undefined ? undefined : pathToFileURL(join(folder, "pkg/c2pa.js")).href;

test("the official reader itself", {
  skip: real === undefined && "FOVEA_C2PA names no folder of @contentauth/c2pa-wasm",
}, async () => {
  const open = () =>
    openReader(
      () => import(real!),
      (specifier) =>
        Promise.resolve(readFileSync(join(folder!, specifier.endsWith(".wasm") ? "pkg/c2pa_bg.wasm" : "package.json"))),
    );
  const look = async (bytes: Uint8Array, anchors?: string): Promise<string> => {
    const image = await openedImage(bytes, { ...(anchors && { trustAnchors: anchors }) });
    return (await credentialsWith(open).run(image)).finding;
  };
  const changed = Uint8Array.from(signed);
  changed[changed.length - 20]! ^= 1;
  assert.equal(await look(signed, trustAnchors), "verifies");
  assert.equal(await look(signed), "notable");
  assert.equal(await look(changed, trustAnchors), "contradicts");
});
