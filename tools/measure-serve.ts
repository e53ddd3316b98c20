// Serves the lecture's CNN and measures what callers get: throughput under wrk beside `fovea bench infer` at the same batch, and
// 10,000 requests of which 5 % are hostile, with the 99th percentile, peak memory and every good answer compared.
// Usage: node dist/tools/measure-serve.js [SECONDS=10] [REQUESTS=10000] [BATCH=32]. wrk must be installed.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { applicationOf, defaultCompileOptions } from "../src/applications/index.js";
import { Random } from "../src/core/random.js";
import { saveKeras } from "../src/index.js";
import { application } from "../src/known-models.js";

const [seconds = 10, requests = 10_000, batch = 32] = process.argv.slice(2).map(Number);
const main = fileURLToPath(new URL("../command/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "fovea-serve-"));
const [HEIGHT, WIDTH] = [80, 60];
const PORT = 18_473;
const threads = availableParallelism();
const random = new Random(11, 1);
const noise = (): Uint8Array => Uint8Array.from({ length: HEIGHT * WIDTH }, () => random.integer(256));

async function writeModel(): Promise<void> {
  const model = application("cnn", { imageSize: [HEIGHT, WIDTH], channels: 1, classes: 55 }, { seed: 1 });
  model.compile(defaultCompileOptions(applicationOf("cnn")));
  writeFileSync(join(folder, "cnn.keras"), await saveKeras(model));
  await model.close();
}

/** A binary request for some images, as the protocol's extension has it. */
function inferBody(rows: number): { readonly body: Buffer; readonly length: number } {
  const pixels = Buffer.concat(Array.from({ length: rows }, noise));
  const input = {
    name: "INPUT",
    shape: [rows, HEIGHT, WIDTH, 1],
    datatype: "UINT8",
    parameters: { binary_data_size: pixels.length },
  };
  const head = Buffer.from(
    JSON.stringify({ parameters: { binary_data_output: true }, inputs: [input] }).replace("INPUT", inputName),
  );
  return { body: Buffer.concat([head, pixels]), length: head.length };
}

/** Peak memory of the service so far, in megabytes. */
const peak = ({ pid }: ChildProcess): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;

async function untilReady(): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    const response = await fetch(`http://127.0.0.1:${PORT}/v2/health/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    await new Promise((resume) => setTimeout(resume, 100));
  }
  throw new Error("the service did not become ready");
}

/** Throughput of requests of `rows` images each, by wrk. */
async function underWrk(rows: number, connections: number): Promise<number> {
  const { body, length } = inferBody(rows);
  writeFileSync(join(folder, "body.bin"), body);
  const script = join(folder, "wrk.lua");
  writeFileSync(
    script,
    `local f = io.open("${join(folder, "body.bin")}", "rb")\nwrk.method = "POST"\nwrk.body = f:read("*all")\nf:close()\n` +
      `wrk.headers["Inference-Header-Content-Length"] = "${length}"\nwrk.headers["Content-Type"] = "application/octet-stream"\n`,
  );
  const url = `http://127.0.0.1:${PORT}/v2/models/cnn/infer`;
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "30s", "-s", script, url];
  let stdout = "";
  const wrk = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
  wrk.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  await new Promise((resolve) => wrk.once("close", resolve));
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1] ?? 0);
  const late = /99%\s+(\S+)/.exec(stdout)?.[1] ?? "?";
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? "0";
  console.log(
    `wrk, ${connections} connections, ${rows} images a request: ${(perSecond * rows).toFixed(0)} images a second, 99th percentile ${late}, ${failed} refused`,
  );
  return perSecond * rows;
}

/** Sends bytes as they are and waits for the end of the connection, at most five seconds. */
function raw(...pieces: readonly (string | Buffer)[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(PORT, "127.0.0.1", () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.setTimeout(5000, () => socket.destroy());
    socket
      .on("data", () => undefined)
      .on("error", () => undefined)
      .on("close", () => resolve());
  });
}

const url = `http://127.0.0.1:${PORT}`;
const post = (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<number> =>
  fetch(url + path, { method: "POST", body, headers }).then(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });

/** Requests that mean no good; each but those over plain sockets must be refused. */
function hostile(photo: Buffer): readonly (() => Promise<number | undefined>)[] {
  const png = new Uint8Array(photo);
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  const head = "POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  const socket =
    (...pieces: readonly string[]) =>
    async (): Promise<undefined> =>
      raw(...pieces).then(() => undefined);
  return [
    socket(`GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"a".repeat(100_000)}\r\n\r\n`),
    socket(`${head}Content-Length: 1000000\r\n\r\nslow`),
    socket(`${head}Content-Length: 99999999999\r\n\r\n`),
    socket(`${head}Transfer-Encoding: chunked\r\n\r\nZZZ\r\n`),
    socket("\u0016\u0003\u0001\u0002\u0000"),
    () => post("/v1/predict", new Uint8Array(bomb)),
    () => post("/v1/predict", png.subarray(0, png.length / 2)),
    () => post("/v1/predict", "no image"),
    () => post("/v1/predict", new Uint8Array(40 << 20)),
    () => post("/v1/predict", png, { "content-encoding": "gzip" }),
    () => post("/v1/predict", "--x\r\n", { "content-type": "multipart/form-data; boundary=y" }),
    () => post("/v2/models/cnn/infer", "{".repeat(10_000)),
    () => post("/v2/models/cnn/infer", `[${"[".repeat(100_000)}`),
    () =>
      post(
        "/v2/models/cnn/infer",
        JSON.stringify({ inputs: [{ name: inputName, shape: [1e9, 80, 60, 1], datatype: "UINT8" }] }),
      ),
    () => post("/v2/models/none/infer", "{}"),
  ];
}

async function manyRequests(serving: ChildProcess): Promise<boolean> {
  const photos = Array.from({ length: 50 }, () =>
    Buffer.from(encode({ width: WIDTH, height: HEIGHT, channels: 1, depth: 8, data: noise() })),
  );
  let reconnected = 0;
  const ask = (png: Buffer): Promise<Response> =>
    fetch(`${url}/v1/predict`, { method: "POST", body: new Uint8Array(png) });
  const answerOf = async (png: Buffer): Promise<string> => {
    // A connection that idles is closed, by chance while a request is sent: callers try again, as browsers do.
    const response = await ask(png).catch(() => {
      reconnected++;
      return ask(png);
    });
    return response.status === 200 ? JSON.stringify(await response.json()) : `status ${response.status}`;
  };
  const expected: string[] = [];
  for (const png of photos) expected.push(await answerOf(png));
  const bad = hostile(photos[0]!);
  const [times, statuses]: [number[], Map<string, number>] = [[], new Map()];
  let [wrong, next] = [0, 0];
  const started = performance.now();
  const caller = async (): Promise<void> => {
    while (next < requests) {
      const number = next++;
      if (number % 20 === 7) {
        const status = String((await bad[((number / 20) % bad.length) | 0]!().catch(() => "closed")) ?? "closed");
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        continue;
      }
      const at = number % photos.length;
      const begun = performance.now();
      if ((await answerOf(photos[at]!)) !== expected[at]) wrong++;
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: 32 }, caller));
  times.sort((a, b) => a - b);
  const percentile = (share: number): string => `${times[Math.floor(share * (times.length - 1))]!.toFixed(1)} ms`;
  const whole = (performance.now() - started) / 1000;
  console.log(
    `${requests} requests for photos from 32 callers in ${whole.toFixed(1)} s, ${requests - times.length} of them hostile: ${wrong} good ones ` +
      `answered wrong, ${reconnected} sent again, median ${percentile(0.5)}, 99th percentile ${percentile(0.99)}; hostile ones ended as ` +
      `${[...statuses]
        .sort()
        .map(([status, count]) => `${status} (${count})`)
        .join(", ")}; peak ${peak(serving).toFixed(0)} MB`,
  );
  const refused = [...statuses.keys()].every((status) => status === "closed" || Number(status) >= 400);
  return wrong === 0 && refused && !statuses.has("500") && serving.exitCode === null;
}

await writeModel();
const bench = spawnSync(process.execPath, [main, "bench", "infer", "--batch-size", String(batch), "--json"], {
  encoding: "utf8",
});
const { images_per_second: best } = JSON.parse(bench.stdout) as { images_per_second: number };
console.log(`bench infer, batch ${batch}, ${threads} threads: ${best.toFixed(0)} images a second`);
const args = [
  "serve",
  `cnn=${join(folder, "cnn.keras")}`,
  "--port",
  String(PORT),
  "--batch",
  String(batch),
  "--quiet",
  "--json",
];
const serving = spawn(process.execPath, [main, ...args], { stdio: "ignore" });
let inputName = "";
try {
  await untilReady();
  const metadata = (await (await fetch(`${url}/v2/models/cnn`)).json()) as { inputs: [{ name: string }] };
  inputName = metadata.inputs[0].name;
  const reached = await underWrk(batch, 8);
  await underWrk(1, 64);
  console.log(`throughput: ${(reached / best).toFixed(2)} of bench infer; peak ${peak(serving).toFixed(0)} MB`);
  const isGood = await manyRequests(serving);
  const ended = new Promise<number | null>((resolve) => serving.once("exit", resolve));
  serving.kill("SIGTERM");
  const code = await ended;
  console.log(`SIGTERM: ended with ${code}`);
  process.exitCode = isGood && code === 0 && reached >= 0.8 * best ? 0 : 1;
} finally {
  serving.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
