// Certificates and cards on the command line: a run is certified on another number of threads, any change of it is told, and each
// number of its card, and of the cards of every task, is found again in a file of the run at the place that card.json names.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { commandPrefix } from "../../src/platform/invocation.js";
import type { CardFacts, CardRow } from "../../src/report/card-facts.js";
import { photo, photos, write } from "../cases/class-folders.js";
import { checkCard } from "./card-numbers.js";
import { fovea, workplace } from "./fovea.js";

const section = (facts: CardFacts, id: string) => facts.sections.find((found) => found.id === id)!;
const row = (facts: CardFacts, id: string, label: string): CardRow | undefined =>
  section(facts, id).rows.find((found) => found.label === label);

/** One place of all tests: a run of two threads on `pets`, and runs of other tasks beside it. */
const folder = workplace({ after });
const inPlace = (...names: readonly string[]): string => join(folder, ...names);

/** Runs a command that must succeed. @returns its standard output */
async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fovea(folder, ...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

before(async () => {
  write(inPlace("pets"), { ...photos("a", 10), ...photos("b", 10, 50) });
  const small = ["--image-size", "8x8", "--epochs", "2", "--threads", "2", "--quiet"];
  await done("train", "pets", "--model", "logistic", "--out", "run", ...small);
});

/** Words of commands on cards. */
const PATHS = ["run", "pets", "claims.csv", "hail/manifest.csv"];

test("a card of a run that nobody wrote lines for yet", async () => {
  const { missing } = JSON.parse(await done("card", "run", "--json"));
  assert.deepEqual([missing.length, missing[0]], [9, "purpose"]);
  const template = checkCard(inPlace("run"), PATHS);
  assert.equal(row(template, "statements", "Purpose")?.state, "missing");
  assert.match(row(template, "health", "Health of the data")!.value, /^run fovea health pets --json > run/);
  assert.match(row(template, "effort", "Energy")!.value, /^write the watts of a busy core into card\.json/);
  const certificate = row(template, "replay", "Certificate")!.value;
  assert.ok(certificate.includes(`${commandPrefix()} certify run --key KEY.pem`), certificate);
});

test("a run is certified on another number of threads, and any change of it is told", async () => {
  const { public_key: publicKey } = JSON.parse(await done("certify", "--new-key", "ann.pem", "--json"));
  if (process.platform !== "win32") assert.equal(statSync(inPlace("ann.pem")).mode & 0o777, 0o600);
  const key = readFileSync(inPlace("ann.pem"), "utf8");
  const twice = await fovea(folder, "certify", "--new-key", "ann.pem");
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /cannot write ann\.pem: a file of that name is in the way/);
  assert.equal(readFileSync(inPlace("ann.pem"), "utf8"), key);

  const answer = JSON.parse(await done("certify", "run", "--key", "ann.pem", "--threads", "1", "--json"));
  assert.deepEqual([answer.equal, answer.public_key, answer.run], [true, publicKey, "run"]);
  const certificate = JSON.parse(readFileSync(inPlace("run", "certificate.json"), "utf8"));
  const metrics = JSON.parse(readFileSync(inPlace("run", "metrics.json"), "utf8"));
  assert.equal(certificate.weights_sha256, metrics.weights_sha256);
  assert.deepEqual([certificate.replay.threads, certificate.replay.epochs], [1, 2]);

  const check = ["certify", "--check", "run/certificate.json"];
  const held = JSON.parse(await done(...check, "run", "--signer", publicKey, "--json"));
  assert.equal(held.holds, true);
  assert.deepEqual(held.equal, ["recipe", "weights", "history", "metrics", "images"]);
  const other = await fovea(folder, ...check, "--signer", "0".repeat(64));
  assert.equal(other.code, 1);
  assert.match(other.stdout, /was signed with the key [0-9a-f]{64}, not with that of --signer/);

  /** The sentences of a check after one change, which is taken back. */
  const broken = async (file: string, change: (bytes: Buffer) => Buffer | string): Promise<string> => {
    const path = inPlace(file);
    const kept = readFileSync(path);
    writeFileSync(path, change(kept));
    const { code, stdout, stderr } = await fovea(folder, ...check, "run", "--json");
    writeFileSync(path, kept);
    assert.equal(code, 1, stdout);
    return JSON.parse(stdout).broken?.join() ?? stderr;
  };
  const recipe = await broken("run/recipe.json", (bytes) => bytes.toString().replace('"seed": 1', '"seed": 2'));
  assert.match(recipe, /^run: recipe\.json is not the one that was certified; bring back/);
  const image = await broken("pets/a/3.png", () => Buffer.from(photo(999)));
  assert.match(image, /^the images in pets are not those of the run: expected 20 with hash/);
  const model = await broken("run/model.keras", (bytes) => {
    const damaged = Buffer.from(bytes);
    damaged[Math.floor(damaged.length * 0.6)]! ^= 1;
    return damaged;
  });
  assert.match(model, /^run\/model\.keras: expected a sound zip archive/);
  const text = await broken("run/certificate.json", (bytes) =>
    bytes.toString().replace('"threads": 1', '"threads": 9'),
  );
  assert.match(text, /the signature is not that of its text, so the certificate was changed/);
});

test("the card of a run has a person's lines, a check of the data, slices and the certificate", async () => {
  const path = inPlace("run", "card.json");
  const card = JSON.parse(readFileSync(path, "utf8"));
  card.lines = {
    ...card.lines,
    purpose: "Sorts <b>7</b> pets.",
    owner: "אנה",
    limits: "Not for 3 legs.",
    watts: "12.5",
  };
  writeFileSync(path, JSON.stringify(card));
  writeFileSync(inPlace("run", "health.json"), await done("health", "pets", "--checks", "copies,dark", "--json"));
  writeFileSync(inPlace("run", "slices.json"), await done("evaluate", "run", "pets", "--slices", "--json"));
  const said = await done("card", "run");
  assert.match(said, /^The card is run\/card\.html\nMissing, for a person to write into run\/card\.json: use, contact/);
  const facts = checkCard(inPlace("run"), PATHS);
  assert.equal(row(facts, "statements", "Purpose")?.value, "Sorts <b>7</b> pets.");
  assert.match(row(facts, "effort", "Energy: processor time by that power")!.value, / Wh$/);
  assert.equal(row(facts, "replay", "Certificate")?.value, "trained again to the same bits, and signed");
  assert.match(readFileSync(inPlace("run", "card.html"), "utf8"), /<bdi>Sorts &lt;b&gt;7&lt;\/b&gt; pets\.<\/bdi>/);
  assert.ok(facts.duties.every(({ places }) => places.length === facts.rules.length));
});

/** A hundred policies whose claims follow from their age. */
const POLICIES = Array.from(
  { length: 120 },
  (_, i) => `${(i * 7) % 5 > 2 ? 1 : 0},${18 + ((i * 11) % 60)},${(i * 3) % 7}`,
);

test("cards of regressions, of several labels and of tables", async () => {
  writeFileSync(inPlace("claims.csv"), `Claims,Age,Years\n${POLICIES.join("\n")}\n`);
  await done("synth", "hail", "--out", "hail", "--count", "40", "--size", "32x32", "--quiet");
  const small = ["--image-size", "16x16", "--epochs", "1", "--threads", "1", "--quiet"];
  const runs: readonly (readonly [name: string, args: readonly string[], table: RegExp])[] = [
    ["costs", ["hail", "--target", "cost", "--loss", "gamma", ...small], /^Actual over expected of cost/],
    ["labels", ["hail", "--target", "labels", ...small], /^Labels of Test, the lowest F1 first/],
    ["table", ["claims.csv", "--target", "Claims", "--loss", "poisson", "--quiet"], /^Actual over expected of Claims/],
  ];
  for (const [name, args, title] of runs) {
    await done("train", ...args, "--out", name);
    await done("card", name, "--quiet");
    const facts = checkCard(inPlace(name), PATHS);
    assert.ok(
      facts.sections.some(({ tables }) => tables.some((table) => title.test(table.title))),
      `${name}: a table ${title}`,
    );
  }
});

test("a certificate that holds no longer is told on the card, and the model of another run is not certified", async () => {
  cpSync(inPlace("labels", "model.keras"), inPlace("run", "model.keras"));
  const { code, stdout } = await fovea(folder, "certify", "--check", "run/certificate.json", "run", "--json");
  assert.equal(code, 1);
  assert.match(
    JSON.parse(stdout).broken.join(),
    /^run: the weights in model\.keras are not those that were certified: expected/,
  );
  const forged = await fovea(folder, "certify", "run", "--key", "ann.pem");
  assert.equal(forged.code, 1);
  assert.match(forged.stderr, /model\.keras has other weights \(\w+\) than metrics\.json names/);
  const said = await done("card", "run", "--out", "audit");
  assert.match(said, /the weights in model\.keras are not those that were certified/);
  assert.ok(existsSync(inPlace("audit", "card.html")));
});

test("a folder that is no finished run has no card", async () => {
  const { code, stderr } = await fovea(folder, "card", "nothing");
  assert.equal(code, 1);
  assert.match(stderr, /nothing is not the folder of a run/);
  assert.equal(existsSync(inPlace("nothing")), false);
});

/** Tells whether the program is there that `args` call. */
const hasOpenssl = (() => {
  try {
    return /^OpenSSL [3-9]/.test(execFileSync("openssl", ["version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
})();

test("keys of OpenSSL sign, and other keys and idle options are refused", async () => {
  writeFileSync(inPlace("no.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  if (hasOpenssl) {
    execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "o.pem"], { cwd: folder, stdio: "ignore" });
    chmodSync(inPlace("o.pem"), 0o600);
  }
  const cases: [readonly string[], number, RegExp][] = [
    [["certify", "run", "--key", "no.pem"], 1, /no\.pem: expected an Ed25519 private key without a password, as PEM/],
    [["certify", "run"], 2, /expected --key with your private key/],
    [["certify", "run", "--key", "no.pem", "--skip-data"], 2, /--skip-data has nothing to do beside --key/],
    [["certify", "--check", "c.json", "--data", "photos"], 2, /are about the data of a run/],
    [["certify", "run", "--new-key", "k.pem"], 2, /looks at no run/],
    ...(hasOpenssl
      ? ([[["certify", "nothing", "--key", "o.pem"], 1, /nothing is not the folder of a run/]] as const)
      : []),
  ].map(([args, code, said]) => [args, code, said] as [readonly string[], number, RegExp]);
  for (const [args, code, said] of cases) {
    const ended = await fovea(folder, ...args);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, said);
  }
});
