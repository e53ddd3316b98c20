// Limits of a service under requests that mean no good: each is refused in one sentence, before it costs much, and the good ones
// beside it are answered right.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { crc32 } from "node:zlib";
import { verifyDecisionLog } from "../../src/experiment/decisions/index.js";
import { openAny, predictFiles } from "../../src/experiment/models/index.js";
import { checkToken, describeService, listen, modelSpec, Service, sameSecret } from "../../src/service/index.js";
import { routes } from "../../src/service/routes.js";
import { AUTHORIZED, closeShared, LOG, type MadeService, png, sharedService, TOKEN } from "./made-service.js";

let made: MadeService;
before(async () => {
  made = await sharedService();
});
after(closeShared);

interface Told {
  readonly error?: string;
  readonly predictions?: readonly { readonly image: string; readonly error?: string; readonly sha256?: string }[];
}
async function ask(
  path: string,
  body?: BodyInit,
  headers: Record<string, string> = AUTHORIZED,
): Promise<readonly [number, Told]> {
  const init = body === undefined ? {} : { method: "POST", body, duplex: "half" };
  const response = await made.ask(path, { ...init, headers });
  return [response.status, (await response.json()) as Told];
}
const predict = (body: BodyInit, headers: Record<string, string> = AUTHORIZED) =>
  ask("/v1/predict?model=photos&version=1", body, headers);

/** A PNG whose header claims that many pixels, with hardly any data. */
function bomb(side: number): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(17);
  head.write("IHDR");
  head.writeUInt32BE(side, 4);
  head.writeUInt32BE(side, 8);
  head.set([8, 0, 0, 0, 0], 12);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(head));
  return new Uint8Array(
    Buffer.concat([
      Buffer.from("89504e470d0a1a0a0000000d", "hex"),
      head,
      sum,
      Buffer.from("0000000049444154", "hex"),
      Buffer.alloc(64),
    ]),
  );
}

const form = (...photos: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[]): FormData => {
  const data = new FormData();
  for (const [name, bytes] of photos) data.append("image", new Blob([bytes]), name);
  return data;
};

test("the token, the host and the origin are checked; probes need no token", async () => {
  const paths = ["/v2", "/metrics", "/openapi.json", "/v2/models/photos", "/nothing"];
  for (const path of paths) assert.equal((await ask(path, undefined, {}))[0], 401, path);
  const wrong = await made.ask("/v2", { headers: { authorization: `Bearer ${TOKEN}x` } });
  assert.equal(wrong.status, 401);
  assert.equal(((await wrong.json()) as { code: string }).code, "unauthorized");
  assert.match(wrong.headers.get("www-authenticate") ?? "", /^Bearer/);
  for (const path of ["/v2/health/live", "/v2/health/ready"]) assert.equal((await ask(path, undefined, {}))[0], 200);
  assert.equal((await ask("/v2", undefined, { ...AUTHORIZED, host: "evil.example" }))[0], 403);
  assert.equal((await ask("/v2", undefined, { ...AUTHORIZED, origin: "http://evil.example" }))[0], 403);
  assert.equal((await ask("/v2", undefined, AUTHORIZED))[0], 200);
  assert.ok(sameSecret("a", "a") && !sameSecret("a", "b") && !sameSecret("", "a") && !sameSecret("aa", "a"));
  assert.throws(() => checkToken("short"), /at least 16 characters/);
});

test("photos are answered as predict answers, broken ones beside good ones", async () => {
  const files = [1, 2].map((seed) => join(made.place, `${seed}.png`));
  for (const [at, file] of files.entries()) writeFileSync(file, png(at + 1));
  const opened = await openAny(join(made.place, "one.keras"));
  const { answers } = await predictFiles(opened, files);
  await opened.model.close();
  const [status, { predictions = [] }] = await predict(
    form(["a.png", png(1)], ["no.png", new Uint8Array(9)], ["b.png", png(2)]),
  );
  assert.equal(status, 200);
  const told = predictions.map(({ sha256, image, ...answer }) => answer);
  const expected = answers.map(({ image, ...answer }) => answer);
  assert.deepEqual([told[0], told[2]], expected);
  assert.match(predictions[1]?.error ?? "", /^cannot decode no\.png/);
  const [first, alone] = await predict(png(1));
  assert.deepEqual([first, alone.predictions?.[0]?.image], [200, "image"]);
  const [bad, { error }] = await predict(new TextEncoder().encode("no image"));
  assert.equal(bad, 422);
  assert.match(error ?? "", /cannot decode image/);
  // Every answer was in the log before it was told.
  const log = await verifyDecisionLog(LOG);
  assert.deepEqual([log.count, log.faults], [5, []]);
});

test("bodies, pixels, files and samples are bounded before they cost anything", async () => {
  const large = new Uint8Array(30_000);
  assert.equal((await predict(large))[0], 413);
  const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(4096)) });
  const [chunked, { error: tooLarge }] = await predict(endless);
  assert.equal(chunked, 413);
  assert.match(tooLarge ?? "", /at most 20000 bytes/);
  const [pixels, { error: claimed }] = await predict(bomb(5000));
  assert.equal(pixels, 422);
  assert.match(claimed ?? "", /5000 x 5000 pixels, and at most 1000 are decoded here/);
  const many = form(...[1, 2, 3, 4].map((n) => [`${n}.png`, png(n)] as const));
  assert.equal((await predict(many))[0], 413);
  assert.equal((await predict(new FormData()))[0], 400);
  const [broken] = await predict("--x", { ...AUTHORIZED, "content-type": "multipart/form-data; boundary=y" });
  assert.equal(broken, 400);
  assert.equal((await predict(png(1), { ...AUTHORIZED, "content-encoding": "gzip" }))[0], 415);
  assert.equal((await ask("/v1/predict?model=photos", ""))[0], 400);
  assert.equal((await ask("/v1/predict", png(1)))[0], 400);
  assert.equal((await ask("/v1/predict?model=numbers", png(1)))[0], 422);
  const row = { name: "row", shape: [3000, 3], datatype: "FP32", data: Array.from({ length: 3000 }, () => 1) };
  assert.equal((await ask("/v2/models/numbers/infer", JSON.stringify({ inputs: [row] })))[0], 413);
  const nine = { name: "row", shape: [9, 3], datatype: "FP32", data: Array.from({ length: 27 }, () => 1) };
  assert.equal((await ask("/v2/models/numbers/infer", JSON.stringify({ inputs: [nine] })))[0], 413);
  const deep = `{"inputs":${"[".repeat(2000)}${"]".repeat(2000)}}`;
  assert.equal((await ask("/v2/models/numbers/infer", deep))[0], 400);
  assert.equal((await ask("/v2/models/numbers/infer", '{"__proto__":{}}'))[0], 400);
  assert.equal(made.service.bodies.bytes, 0, "no body is left in the budget");
});

test("a full queue is 429 with a time to wait, and a late answer 504", async () => {
  const model = made.service.registry.find("photos", "1");
  const leave = model.admit(8);
  const response = await made.ask("/v1/predict?model=photos&version=1", {
    method: "POST",
    body: png(1),
    headers: AUTHORIZED,
  });
  assert.equal(response.status, 429);
  assert.ok(Number(response.headers.get("retry-after")) >= 1);
  leave();
  assert.equal(model.rows, 0);
  const gone = new AbortController();
  gone.abort();
  const init = { method: "POST", body: png(1), headers: AUTHORIZED, signal: gone.signal };
  assert.equal((await made.ask("/v1/predict?model=photos&version=1", init)).status, 408);
  const numbers = modelSpec(`numbers=${join(made.place, "numbers.keras")}`);
  const late = await Service.open({ models: [numbers], threads: 1, limits: { batch: 2, delay: 5000, deadline: 20 } });
  const row = { name: "row", shape: [1, 3], datatype: "FP32", data: [1, 2, 3] };
  const body = JSON.stringify({ inputs: [row] });
  const url = "http://127.0.0.1/v2/models/numbers/infer";
  const answer = await late.fetch(new Request(url, { method: "POST", body, headers: { host: "127.0.0.1" } }));
  assert.equal(answer.status, 504);
  assert.equal(late.registry.find("numbers").rows, 0);
  await late.close();
  assert.equal(made.service.bodies.bytes, 0);
});

test("measures are Prometheus's text, the log is a line a request, and the description has every address", async () => {
  const text = await (await made.ask("/metrics", { headers: AUTHORIZED })).text();
  for (const line of text.trimEnd().split("\n"))
    assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/, line);
  assert.match(text, /fovea_requests_total\{route="\/v1\/predict",status="429"\} 1/);
  assert.match(text, /fovea_answers_total\{model="photos",outcome="accepted"\} 3/);
  assert.ok(!text.includes("nothing"), "no text of a request is a label");
  const requests = made.lines.filter(({ event }) => event === "request");
  assert.ok(
    requests.length > 20 &&
      requests.every(({ id, status, ms }) => id !== undefined && Number(status) >= 200 && Number(ms) >= 0),
  );
  assert.ok(!JSON.stringify(made.lines).includes(TOKEN));
  const { paths } = describeService() as { readonly paths: Readonly<Record<string, object>> };
  const served = routes(made.service)
    .routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(served.sort(), described.sort());
});

test("names of models come from the command or the path", () => {
  assert.deepEqual(modelSpec("claims:2=runs/a=b"), { name: "claims", version: "2", path: "runs/a=b" });
  assert.deepEqual(modelSpec("runs/photos-cnn-1"), { name: "photos-cnn-1", version: "1", path: "runs/photos-cnn-1" });
  assert.deepEqual(modelSpec("runs/photos/model.keras").name, "photos");
  assert.deepEqual(modelSpec("手写/模型.keras").name, "model");
  assert.throws(() => modelSpec("a b=x"), /expected a name of letters/);
});

/** Sends bytes as they are, and gives what comes back until the connection ends. */
function raw(port: number, ...pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
    socket.on("error", reject).on("close", () => resolve(text));
  });
}

test("slow senders and huge headers are cut off, and the others are answered", async () => {
  const { port, close } = await listen({
    fetch: made.service.fetch,
    headersTimeout: 150,
    requestTimeout: 200,
    keepAliveTimeout: 100,
  });
  try {
    const slow = raw(port, "GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ");
    const half = raw(
      port,
      `POST /v1/predict?model=photos HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 100\r\n\r\nabc`,
    );
    const huge = raw(port, `GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`);
    const garbage = raw(port, "\u0016\u0003\u0001 no http\r\n\r\n");
    const early = await fetch(`http://127.0.0.1:${port}/v1/predict?model=photos`, { method: "POST", body: png(1) });
    assert.deepEqual([early.status, early.headers.get("connection")], [401, "close"]);
    const good = await fetch(`http://127.0.0.1:${port}/v1/predict?model=photos`, {
      method: "POST",
      body: png(1),
      headers: AUTHORIZED,
    });
    assert.equal(good.status, 200);
    assert.match(await slow, /^HTTP\/1\.1 408/);
    assert.match(await half, /^HTTP\/1\.1 (408|400)|^$/);
    assert.match(await huge, /^HTTP\/1\.1 431/);
    assert.match(await garbage, /^HTTP\/1\.1 400/);
  } finally {
    await close();
  }
  assert.equal(made.service.bodies.bytes, 0);
});

test("a port that is taken is told in a sentence", async () => {
  const first = await listen({ fetch: () => new Response("") });
  await assert.rejects(listen({ fetch: () => new Response(""), port: first.port }), /is taken; choose another/);
  await first.close();
});
