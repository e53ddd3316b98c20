// Certificates on the command line: made on one thread of a run of two, checked beside the run, and broken by any change.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { photo, photos, write } from "../cases/class-folders.js";
import { fovea, workplace } from "./fovea.js";

/** Trains a small run of two threads in `place`. */
async function trained(place: string): Promise<void> {
  write(join(place, "pets"), { ...photos("a", 10), ...photos("b", 10, 50) });
  const small = ["--image-size", "8x8", "--epochs", "2", "--threads", "2", "--quiet"];
  const { code, stderr } = await fovea(place, "train", "pets", "--model", "logistic", "--out", "run", ...small);
  assert.equal(code, 0, stderr);
}

/** Tells whether the program is there that `args` call. */
const hasOpenssl = (() => {
  try {
    return /^OpenSSL [3-9]/.test(execFileSync("openssl", ["version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
})();

test("a run is certified on another number of threads, and any change of it is told", async (t) => {
  const place = workplace(t);
  await trained(place);
  const made = await fovea(place, "certify", "--new-key", "ann.pem", "--json");
  assert.equal(made.code, 0, made.stderr);
  const { public_key: publicKey } = JSON.parse(made.stdout);
  if (process.platform !== "win32") assert.equal(statSync(join(place, "ann.pem")).mode & 0o777, 0o600);
  const key = readFileSync(join(place, "ann.pem"), "utf8");
  const twice = await fovea(place, "certify", "--new-key", "ann.pem");
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /cannot write ann\.pem: a file of that name is in the way/);
  assert.equal(readFileSync(join(place, "ann.pem"), "utf8"), key);

  const ended = await fovea(place, "certify", "run", "--key", "ann.pem", "--threads", "1", "--json");
  assert.equal(ended.code, 0, ended.stderr);
  const answer = JSON.parse(ended.stdout);
  assert.deepEqual([answer.equal, answer.public_key, answer.run], [true, publicKey, "run"]);
  const certificate = JSON.parse(readFileSync(join(place, "run", "certificate.json"), "utf8"));
  const metrics = JSON.parse(readFileSync(join(place, "run", "metrics.json"), "utf8"));
  assert.equal(certificate.weights_sha256, metrics.weights_sha256);
  assert.deepEqual([certificate.replay.threads, certificate.replay.epochs], [1, 2]);

  const held = await fovea(place, "certify", "--check", "run/certificate.json", "run", "--signer", publicKey, "--json");
  assert.deepEqual([held.code, JSON.parse(held.stdout).holds], [0, true], held.stderr);
  assert.deepEqual(JSON.parse(held.stdout).equal, ["recipe", "weights", "history", "metrics", "images"]);
  const other = await fovea(place, "certify", "--check", "run/certificate.json", "--signer", "0".repeat(64));
  assert.equal(other.code, 1);
  assert.match(other.stdout, /was signed with the key [0-9a-f]{64}, not with that of --signer/);

  /** The sentences of a check after one change, which is taken back. */
  const after = async (file: string, change: (bytes: Buffer) => Buffer | string): Promise<string[]> => {
    const path = join(place, file);
    const before = readFileSync(path);
    writeFileSync(path, change(before));
    const { code, stdout, stderr } = await fovea(place, "certify", "--check", "run/certificate.json", "run", "--json");
    writeFileSync(path, before);
    assert.equal(code, 1, stdout);
    return stdout === "" ? [stderr] : JSON.parse(stdout).broken;
  };
  const recipe = await after("run/recipe.json", (bytes) => bytes.toString().replace('"seed": 1', '"seed": 2'));
  assert.match(recipe.join(), /^run: recipe\.json is not the one that was certified; bring back/);
  const image = await after("pets/a/3.png", () => Buffer.from(photo(999)));
  assert.match(image.join(), /^the images in pets are not those of the run: expected 20 with hash/);
  const text = await after("run/certificate.json", (bytes) => bytes.toString().replace('"threads": 1', '"threads": 9'));
  assert.match(text.join(), /the signature is not that of its text, so the certificate was changed/);

  // The model of another seed, under the same name.
  cpSync(join(place, "run", "model.keras"), join(place, "kept.keras"));
  const again = ["--model", "logistic", "--image-size", "8x8", "--epochs", "2", "--seed", "9", "--quiet"];
  await fovea(place, "train", "pets", ...again, "--out", "other");
  const weights = await after("run/model.keras", () => readFileSync(join(place, "other", "model.keras")));
  assert.match(weights.join(), /^run: the weights in model\.keras are not those that were certified: expected/);
  cpSync(join(place, "other", "model.keras"), join(place, "run", "model.keras"));
  const forged = await fovea(place, "certify", "run", "--key", "ann.pem");
  assert.equal(forged.code, 1);
  assert.match(forged.stderr, /model\.keras has other weights \(\w+\) than metrics\.json tells of/);
});

test("keys of OpenSSL sign, and other keys and idle options are refused", async (t) => {
  const place = workplace(t);
  writeFileSync(join(place, "no.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  if (hasOpenssl) {
    execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "o.pem"], { cwd: place, stdio: "ignore" });
    chmodSync(join(place, "o.pem"), 0o600);
  }
  const cases: [readonly string[], number, RegExp][] = [
    [["certify", "run", "--key", "no.pem"], 1, /no\.pem: expected an Ed25519 private key without a password, as PEM/],
    [["certify", "run"], 2, /expected --key with your private key/],
    [["certify", "run", "--key", "no.pem", "--skip-data"], 2, /--skip-data has nothing to do beside --key/],
    [["certify", "--check", "c.json", "--data", "photos"], 2, /are about the data of a run/],
    [["certify", "run", "--new-key", "k.pem"], 2, /looks at no run/],
    ...(hasOpenssl ? ([[["certify", "run", "--key", "o.pem"], 1, /run is not the folder of a run/]] as const) : []),
  ].map(([args, code, said]) => [args, code, said] as [readonly string[], number, RegExp]);
  for (const [args, code, said] of cases) {
    const ended = await fovea(place, ...args);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, said);
  }
});
