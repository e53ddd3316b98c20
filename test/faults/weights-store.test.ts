// The store of pretrained weights against a server on this machine that breaks off, lies and refuses: one sentence each
// time, and never a broken file in the store.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { imageNetApplication, type WeightFile } from "../../src/applications/imagenet/index.js";
import { FoveaError } from "../../src/core/errors.js";
import {
  addWeights,
  listWeights,
  openWeights,
  pullWeights,
  verifyWeights,
  weightFileFor,
} from "../../src/experiment/pretrained/weights-store.js";
import { hdf5Tree, writeHdf5 } from "../../src/formats/index.js";
import { md5Hex, sha256Hex } from "../../src/platform/hashing.js";
import { type Ended, fovea, workplace } from "../cli/fovea.js";

const SMALL = { alpha: 0.25, size: 128, includeTop: false } as const;
const known = weightFileFor("mobilenet", SMALL);
let bytes: Uint8Array;

/** A file as Keras writes weights: a group for each layer, names in attributes. */
async function weightsOf({ model, options }: WeightFile): Promise<Uint8Array> {
  const layers = imageNetApplication(model).build(options).layers;
  const datasets = layers.flatMap((layer) =>
    layer.weights.map((weight) => [`${layer.name}/${weight.path}:0`, weight.contents] as const),
  );
  const names = layers.map((layer) => [layer.name, { weight_names: layer.weights.map(({ path }) => `${path}:0`) }]);
  return writeHdf5(
    hdf5Tree(Object.fromEntries(datasets), {
      "": { layer_names: layers.map(({ name }) => name) },
      ...Object.fromEntries(names),
    }),
  );
}

before(async () => {
  bytes = await weightsOf(known);
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers one request after the other as told, and a store of its own. */
async function storeWith(t: TestContext, ...answers: readonly Answer[]) {
  const home = workplace(t);
  const previous = process.env.FOVEA_HOME;
  process.env.FOVEA_HOME = home;
  t.after(() => {
    if (previous === undefined) delete process.env.FOVEA_HOME;
    else process.env.FOVEA_HOME = previous;
  });
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[requests.length] ?? answers.at(-1)!;
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { home, mirror, requests, folder: join(home, "weights") };
}

/** Sends the whole file, or what the Range header asks for of this version of it. */
const whole =
  (content: () => Uint8Array, etag = '"1"'): Answer =>
  ({ headers }, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const resumed = headers.range !== undefined && headers["if-range"] === etag;
    const body = content().subarray(resumed ? start : 0);
    const end = content().length;
    response.writeHead(resumed ? 206 : 200, {
      etag,
      "content-length": body.length,
      ...(resumed ? { "content-range": `bytes ${start}-${end - 1}/${end}` } : {}),
    });
    response.end(body);
  };

/** Breaks off after a share of the file. */
const broken =
  (share: number, etag = '"1"'): Answer =>
  (_, response) => {
    response.writeHead(200, { etag, "content-length": bytes.length });
    response.write(bytes.subarray(0, Math.floor(bytes.length * share)), () => response.destroy());
  };

const refused = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FoveaError, String(error));
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test("a pull that breaks off goes on where it was, and nothing is in the store before it is whole", async (t) => {
  const { mirror, requests } = await storeWith(
    t,
    broken(0.4),
    broken(0),
    whole(() => bytes),
  );
  await assert.rejects(pullWeights(known, { mirror }), refused(/^the connection broke after 0\.\d MB of 0\.\d MB/));
  assert.deepEqual(await listWeights(), []);
  // The second attempt is told that there is nothing to go on from, and starts again.
  await assert.rejects(pullWeights(known, { mirror }), refused(/^the connection broke after 0\.0 MB/));
  assert.match(requests[1]!.headers.range ?? "", /^bytes=\d+-$/);
  const seen: number[] = [];
  const stored = await pullWeights(known, { mirror, onProgress: (done) => seen.push(done) });
  assert.equal(seen.at(-1), bytes.length);
  assert.deepEqual(readFileSync(stored.path), Buffer.from(bytes));
  assert.equal(stored.official, null);
  assert.deepEqual((await openWeights(known)).bytes, bytes);
});

test("what is asked for again is only the rest", async (t) => {
  const { mirror, requests, folder } = await storeWith(
    t,
    broken(0.5),
    whole(() => bytes),
  );
  await assert.rejects(pullWeights(known, { mirror }), FoveaError);
  const stored = await pullWeights(known, { mirror });
  const start = Number(/^bytes=(\d+)-$/.exec(requests[1]!.headers.range!)?.[1]);
  assert.ok(start > 0 && start <= bytes.length / 2, `goes on from ${start}`);
  assert.equal(requests[1]!.headers["if-range"], '"1"');
  assert.deepEqual(readFileSync(stored.path), Buffer.from(bytes));
  assert.deepEqual(readdirSync(folder).sort(), [known.file, `${known.file}.json`]);
});

test("a file that has changed on the server is fetched anew", async (t) => {
  const { mirror } = await storeWith(
    t,
    broken(0.5, '"0"'),
    whole(() => bytes),
  );
  await assert.rejects(pullWeights(known, { mirror }), FoveaError);
  assert.deepEqual(readFileSync((await pullWeights(known, { mirror })).path), Buffer.from(bytes));
});

test("answers that are not the rest of the file are not taken for it, nor asked for again without end", async (t) => {
  const empty: Answer = (_, response) => {
    response.writeHead(416).end();
  };
  // The rest from another place than the one asked for.
  const other: Answer = (_, response) => {
    response.writeHead(206, { etag: '"1"', "content-range": `bytes 0-9/${bytes.length}` }).end(bytes.subarray(0, 10));
  };
  const { mirror, requests } = await storeWith(
    t,
    broken(0.5),
    other,
    whole(() => bytes),
    empty,
    other,
  );
  await assert.rejects(pullWeights(known, { mirror }), FoveaError);
  assert.deepEqual(readFileSync((await pullWeights(known, { mirror })).path), Buffer.from(bytes));
  assert.equal(requests.length, 3);
  const another = weightFileFor("resnet50");
  await assert.rejects(pullWeights(another, { mirror }), refused(/answered 416/));
  await assert.rejects(pullWeights(another, { mirror }), refused(/answered 206/));
  for (const elsewhere of ["somewhere", "file:///tmp"])
    await assert.rejects(
      pullWeights(another, { mirror: elsewhere }),
      refused(/^\S+\/\S+ is no address to fetch from; /),
    );
  assert.equal(requests.length, 5);
});

test("what is there with Keras's own hash is not fetched again; what was damaged is, notes too", async (t) => {
  const send = whole(() => bytes);
  const { mirror, requests } = await storeWith(t, send, send, send);
  const published = { ...known, md5: await md5Hex(bytes) };
  const { path } = await pullWeights(published, { mirror });
  assert.equal((await pullWeights(published, { mirror })).official, true);
  assert.equal(requests.length, 1);
  writeFileSync(path, bytes.subarray(1));
  await pullWeights(published, { mirror });
  assert.equal(requests.length, 2);
  assert.deepEqual(readFileSync(path), Buffer.from(bytes));
  const notes = readdirSync(dirname(path)).find((name) => name.endsWith(".json"))!;
  writeFileSync(join(dirname(path), notes), "{}");
  await assert.rejects(openWeights(published), refused(/is damaged; get the weights again/));
  await pullWeights(published, { mirror });
  assert.deepEqual((await openWeights(published)).bytes, bytes);
});

test("a file that the user has must exist and fit, and the sentence says how to go on", async (t) => {
  const { home } = await storeWith(t);
  await assert.rejects(addWeights(join(home, "none.h5")), refused(/none\.h5: there is no such file/));
  writeFileSync(join(home, "mine.h5"), bytes);
  await assert.rejects(addWeights(join(home, "mine.h5")), refused(/its name is unknown, so name .* --model/));
  const wide = weightFileFor("mobilenet", { ...SMALL, alpha: 0.5 });
  await assert.rejects(
    addWeights(join(home, "mine.h5"), wide),
    refused(/mine\.h5: expected all weights of mobilenet --alpha 0\.5 .*; say with --model, --alpha and --size whose/),
  );
  assert.deepEqual(await listWeights(), []);
});

test("a file in the store's folder that Fovea did not store is not replaced", async (t) => {
  const { mirror, folder } = await storeWith(
    t,
    whole(() => bytes),
  );
  mkdirSync(folder, { recursive: true });
  const path = join(folder, known.file);
  writeFileSync(path, "mine");
  const file = join(dirname(folder), known.file);
  writeFileSync(file, bytes);
  const told = refused(
    /Fovea did not store this file and does not replace it; move it away, or take it in with "fovea/,
  );
  await assert.rejects(pullWeights(known, { mirror }), told);
  await assert.rejects(addWeights(file), told);
  assert.equal(readFileSync(path, "utf8"), "mine");
  assert.deepEqual(readdirSync(folder), [known.file]);
  // A file that is taken in from where it lies is the same afterwards.
  writeFileSync(path, bytes);
  assert.equal((await addWeights(path)).path, path);
  assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(bytes));
});

test("content with another hash than Keras's, or for another network, is refused and not kept", async (t) => {
  const { mirror, folder } = await storeWith(
    t,
    whole(() => bytes),
  );
  const resnet = weightFileFor("resnet50");
  await assert.rejects(
    pullWeights(resnet, { mirror }),
    refused(/not the file that Keras publishes \(its MD5 differs\)/),
  );
  const wide = weightFileFor("mobilenet", { ...SMALL, alpha: 0.5 });
  await assert.rejects(
    pullWeights(wide, { mirror }),
    refused(/: expected all weights of mobilenet --.*, which it does not have; nothing was stored/),
  );
  assert.deepEqual(readdirSync(folder), []);
});

test("refusals and dead servers are told in one sentence that says what else to do", async (t) => {
  const answering =
    (status: number): Answer =>
    (_, response) => {
      response.writeHead(status).end("no");
    };
  const { mirror, folder } = await storeWith(t, answering(404), answering(503));
  await assert.rejects(
    pullWeights(known, { mirror }),
    refused(/is not there \(404\); .* "fovea weights add mobilenet_2/),
  );
  await assert.rejects(pullWeights(known, { mirror }), refused(/answered 503 Service Unavailable .* try again later/));
  await assert.rejects(
    pullWeights(known, { mirror: "http://127.0.0.1:9" }),
    refused(/^cannot reach 127\.0\.0\.1:9: there is no connection to it; .* "fovea weights add/),
  );
  assert.deepEqual(readdirSync(folder), []);
});

test("a disk without room for the file is told before anything is written", async (t) => {
  const { mirror, folder } = await storeWith(t, (_, response) => {
    response.writeHead(200, { "content-length": 2 ** 52 });
    response.flushHeaders();
  });
  await assert.rejects(
    pullWeights(known, { mirror }),
    refused(/the disk has [\d.]+ MB left and [\d.]+ MB are to come/),
  );
  assert.deepEqual(readdirSync(folder), []);
});

const full = existsSync("/dev/full") ? false : "no /dev/full on this system";

test("a disk that runs full on the way keeps nothing", { skip: full }, async (t) => {
  const { mirror, folder } = await storeWith(
    t,
    whole(() => bytes),
  );
  mkdirSync(folder, { recursive: true });
  symlinkSync("/dev/full", join(folder, `${known.file}.part`));
  await assert.rejects(pullWeights(known, { mirror }), refused(/the disk is full; free some space and try again/));
  assert.deepEqual(readdirSync(folder), []);
});

test("a file that changes in the store is found out by verify and by whoever opens it", async (t) => {
  const { home } = await storeWith(t);
  const source = join(home, known.file);
  writeFileSync(source, bytes);
  const stored = await addWeights(source);
  assert.equal(await verifyWeights(stored), undefined);
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 9]! ^= 1;
  writeFileSync(stored.path, changed);
  assert.match(
    (await verifyWeights(stored))!,
    /has changed since it was stored; get it again with "fovea weights pull/,
  );
  await assert.rejects(openWeights(known), refused(/has changed since it was stored/));
});

test("two pulls of one file at once both succeed, and it is fetched once where its hash is known", async (t) => {
  const slow: Answer = (request, response) => void setTimeout(() => whole(() => bytes)(request, response), 200);
  const { mirror, requests, folder } = await storeWith(t, slow);
  const published = { ...known, md5: await md5Hex(bytes) };
  const waited: number[] = [];
  const pulled = await Promise.all(
    [1, 2].map(() => pullWeights(published, { mirror, onWait: ({ pid }) => void waited.push(pid) })),
  );
  assert.deepEqual(pulled[0], pulled[1]);
  assert.equal(requests.length, 1);
  assert.deepEqual(waited, [process.pid]);
  assert.deepEqual(readdirSync(folder).sort(), [known.file, `${known.file}.json`]);
});

test("two processes that pull one file both succeed", async (t) => {
  const { home, mirror, folder } = await storeWith(
    t,
    whole(() => bytes),
  );
  const pull = ["weights", "pull", "mobilenet", "--alpha", "0.25", "--size", "128", "--no-top", "--from", mirror];
  for (const { code, stderr } of await Promise.all([fovea(home, ...pull), fovea(home, ...pull)]))
    assert.equal(code, 0, stderr);
  assert.deepEqual((await openWeights(known)).bytes, bytes);
  assert.deepEqual(readdirSync(folder).sort(), [known.file, `${known.file}.json`]);
});

test("weights that replace others are the old or the new ones at every moment of a kill", async (t) => {
  const { home, folder } = await storeWith(t);
  const source = join(home, known.file);
  writeFileSync(source, bytes);
  const old = await addWeights(source);
  const other = Uint8Array.from(bytes);
  // A weight of another value: the last bytes of the file are numbers.
  other[other.length - 4]! ^= 1;
  const notes = join(folder, `${known.file}.json`);
  const [sha256, before] = [await sha256Hex(other), { sha256: old.sha256, official: null }];
  // The moments between the writes: notes of both, then the file, then its own notes.
  writeFileSync(notes, JSON.stringify({ sha256, official: null, before }));
  assert.deepEqual((await openWeights(known)).bytes, bytes);
  assert.deepEqual(await listWeights(), [old]);
  writeFileSync(join(folder, known.file), other);
  assert.deepEqual((await openWeights(known)).bytes, other);
  assert.equal((await listWeights())[0]!.sha256, sha256);
  // A download that broke off earlier is no longer of use.
  for (const name of [".part", ".part.json"]) writeFileSync(join(folder, `${known.file}${name}`), "");
  assert.equal((await addWeights(source)).sha256, old.sha256);
  assert.deepEqual(JSON.parse(readFileSync(notes, "utf8")), before);
  assert.deepEqual(readdirSync(folder).sort(), [known.file, `${known.file}.json`]);
});

test("the command line: nothing is fetched unless asked, and every way says what to do", async (t) => {
  const { home, mirror, requests } = await storeWith(
    t,
    whole(() => bytes),
  );
  const run = (...args: string[]): Promise<Ended> => fovea(home, ...args);
  const offline = await run("classify", "cat.jpg", "--model", "mobilenet_v2");
  assert.equal(offline.code, 1);
  assert.match(
    offline.stderr,
    /^fovea: there are no weights of mobilenet_v2 here; get them with "fovea weights pull mobilenet_v2", or without a connection from a file with "fovea weights add .*"\n$/,
  );
  const variant = ["mobilenet", "--alpha", "0.25", "--size", "128", "--no-top"];
  const missing = await run("weights", "where", ...variant);
  assert.match(missing.stderr, /is not in /);
  assert.equal(requests.length, 0);

  const pulled = await run("weights", "pull", ...variant, "--from", mirror);
  assert.equal(pulled.stderr, "");
  assert.match(pulled.stdout, /mobilenet_2_5_128_tf_no_top\.h5 \(.*complete; Keras publishes no hash for it\)\n$/);
  assert.equal((await run("weights", "where", ...variant)).stdout.trim(), join(home, "weights", known.file));
  assert.match((await run("weights", "list")).stdout, /mobilenet --alpha 0\.25 --size 128 --no-top +[\d.]+ KB /);
  assert.equal((await run("weights", "verify")).code, 0);

  writeFileSync(join(home, "mine.h5"), bytes);
  assert.match((await run("weights", "add", "mine.h5")).stderr, /its name is unknown, so name its network/);
  const added = await run("weights", "add", "mine.h5", "--model", ...variant, "--json");
  assert.equal((JSON.parse(added.stdout) as { file: string }).file, known.file);
  const wrong = await run("weights", "add", "mine.h5", "--model", "resnet50");
  assert.equal(wrong.code, 1);
  assert.equal((await run("weights", "pull", "mobilenet", "--alpha", "0.3")).stderr.split("\n").length, 2);
  assert.equal((await run("weights", "pull", "vgg")).code, 2);
});
