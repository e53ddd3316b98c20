// Conformance to the Open Inference Protocol v2 (HTTP/REST) and its binary tensor extension, from the protocol's text, and the
// requests of Triton's HTTP client for Python, byte by byte.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { AUTHORIZED, closeShared, type MadeService, pixels, sharedService } from "./made-service.js";

let made: MadeService;
before(async () => {
  made = await sharedService();
});
after(closeShared);

const json = async (path: string, init?: RequestInit): Promise<{ status: number; body: Answer }> => {
  const response = await made.ask(path, { ...init, headers: { ...AUTHORIZED, ...init?.headers } });
  return { status: response.status, body: await response.json() };
};
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  json(path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers });

/** Outputs of the model itself for some photos, in the place of the service. */
async function expected(version: string, seeds: readonly number[]): Promise<number[]> {
  const { opened } = made.service.registry.find("photos", version);
  const x = tensor(Uint8Array.from(seeds.flatMap((seed) => [...pixels(seed)])), [seeds.length, 5, 6, 1], "uint8");
  const { data } = await opened.model.predict(x, { batchSize: 1 });
  return [...data];
}

interface Output {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly data?: readonly number[];
  readonly parameters?: { readonly binary_data_size?: number };
}
/** Fields of all answers. */
interface Answer {
  readonly error?: string;
  readonly id?: string;
  readonly model_name?: string;
  readonly model_version?: string;
  readonly outputs?: readonly Output[];
}

test("health and metadata", async () => {
  assert.deepEqual(await json("/v2/health/live"), { status: 200, body: { live: true } });
  assert.deepEqual(await json("/v2/health/ready"), { status: 200, body: { ready: true } });
  const { body: server } = await json("/v2");
  assert.deepEqual(Object.keys(server), ["name", "version", "extensions"]);
  const metadata = {
    name: "photos",
    versions: ["1", "2"],
    platform: "fovea",
    inputs: [{ name: "photo", datatype: "UINT8", shape: [-1, 5, 6, 1] }],
    outputs: [{ name: "says", datatype: "FP32", shape: [-1, 3] }],
  };
  assert.deepEqual(await json("/v2/models/photos"), { status: 200, body: metadata });
  assert.deepEqual(await json("/v2/models/photos/versions/1"), { status: 200, body: metadata });
  assert.deepEqual(await json("/v2/models/photos/versions/1/ready"), {
    status: 200,
    body: { name: "photos", ready: true },
  });
  assert.deepEqual((await json("/v2/models/numbers")).body, {
    ...{ name: "numbers", versions: ["1"], platform: "fovea" },
    inputs: [{ name: "row", datatype: "FP32", shape: [-1, 3] }],
    outputs: [{ name: "sums", datatype: "FP32", shape: [-1, 2] }],
  });
  for (const path of ["/v2/models/none", "/v2/models/none/ready", "/v2/models/photos/versions/3"]) {
    const { status, body } = await json(path);
    assert.equal(status, 404);
    assert.match(
      body.error ?? "",
      /there is no (model none; there is numbers, photos|version 3 of photos; there is 1, 2)/,
    );
  }
});

test("inference in JSON: flat and nested data, versions, identifiers and chosen outputs", async () => {
  const input = { name: "photo", shape: [2, 5, 6, 1], datatype: "UINT8", data: [...pixels(1), ...pixels(2)] };
  const { status, body } = await post("/v2/models/photos/versions/1/infer", { id: "42", inputs: [input] });
  assert.equal(status, 200);
  const data = await expected("1", [1, 2]);
  assert.deepEqual(body, {
    ...{ model_name: "photos", model_version: "1", id: "42" },
    outputs: [{ name: "says", shape: [2, 3], datatype: "FP32", data }],
  });
  const rows = (seed: number) =>
    Array.from({ length: 5 }, (_, y) => Array.from({ length: 6 }, (_, x) => [pixels(seed)[6 * y + x]!]));
  const nested = { ...input, datatype: "FP32", data: [rows(1), rows(2)] };
  const latest = await post("/v2/models/photos/infer", { inputs: [nested], outputs: [{ name: "says" }] });
  assert.equal(latest.body.model_version, "2");
  assert.deepEqual(latest.body.outputs?.[0]?.data, await expected("2", [1, 2]));
});

/** A body as Triton's client sends it: JSON with binary_data_size, and the bytes behind it. */
function tritonBody(
  parameters: object,
  bytes: Uint8Array,
): { readonly body: Uint8Array<ArrayBuffer>; readonly length: string } {
  const head = new TextEncoder().encode(JSON.stringify(parameters));
  return { body: new Uint8Array(Buffer.concat([head, bytes])), length: String(head.length) };
}

test("the binary tensor extension, with the requests of Triton's client", async () => {
  const bytes = new Uint8Array(Buffer.concat([pixels(3), pixels(4), pixels(5)]));
  // tritonclient.http.InferInput("photo", [3, 5, 6, 1], "UINT8").set_data_from_numpy(...), InferRequestedOutput("says").
  const { body, length } = tritonBody(
    {
      inputs: [
        { name: "photo", shape: [3, 5, 6, 1], datatype: "UINT8", parameters: { binary_data_size: bytes.length } },
      ],
      outputs: [{ name: "says", parameters: { binary_data: true } }],
    },
    bytes,
  );
  const headers = {
    "Inference-Header-Content-Length": length,
    "Content-Type": "application/octet-stream",
    ...AUTHORIZED,
  };
  const response = await made.ask("/v2/models/photos/versions/1/infer", { method: "POST", body, headers });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  const answer = Buffer.from(await response.arrayBuffer());
  const end = Number(response.headers.get("inference-header-content-length"));
  const told = JSON.parse(answer.subarray(0, end).toString()) as Answer;
  assert.deepEqual(told.outputs, [
    { name: "says", shape: [3, 3], datatype: "FP32", parameters: { binary_data_size: 36 } },
  ]);
  const values = Array.from({ length: 9 }, (_, at) => answer.readFloatLE(end + 4 * at));
  assert.deepEqual(values, await expected("1", [3, 4, 5]));
  // binary_data_output asks for all outputs so; floats of the client are little-endian.
  const floats = Buffer.alloc(12);
  for (const [at, value] of [0.5, -1, 2].entries()) floats.writeFloatLE(value, 4 * at);
  const row = { name: "row", shape: [1, 3], datatype: "FP32", parameters: { binary_data_size: 12 } };
  const asked = tritonBody({ parameters: { binary_data_output: true }, inputs: [row] }, floats);
  const plain = await post("/v2/models/numbers/infer", {
    inputs: [{ name: "row", shape: [1, 3], datatype: "FP32", data: [0.5, -1, 2] }],
  });
  const second = await made.ask("/v2/models/numbers/infer", {
    ...{ method: "POST", body: asked.body },
    headers: { "Inference-Header-Content-Length": asked.length, ...AUTHORIZED },
  });
  const packed = Buffer.from(await second.arrayBuffer());
  const from = Number(second.headers.get("inference-header-content-length"));
  assert.deepEqual([packed.readFloatLE(from), packed.readFloatLE(from + 4)], plain.body.outputs?.[0]?.data);
});

test("mistakes are refused with one sentence", async () => {
  const good = { name: "row", shape: [1, 3], datatype: "FP32", data: [1, 2, 3] };
  const cases: readonly (readonly [body: unknown, sentence: RegExp])[] = [
    ["{", /expected JSON/],
    ["[]", /expected object/],
    [{}, /inputs/],
    [{ inputs: [] }, /inputs/],
    [{ inputs: [good, good] }, /expected one input with the name row/],
    [{ inputs: [{ ...good, name: "x" }] }, /the name row, received x/],
    [{ inputs: [{ ...good, shape: [1, 4] }] }, /expected shape \[n, 3\]/],
    [{ inputs: [{ ...good, shape: [2, 3] }] }, /expected 6 values for its shape, received 3/],
    [{ inputs: [{ ...good, datatype: "BYTES" }] }, /expected one of UINT8/],
    [{ inputs: [{ ...good, datatype: "UINT8", data: [1, 2, 300] }] }, /whole numbers from 0 to 255, received 300/],
    [{ inputs: [{ ...good, data: [1, 2, 3, 4] }] }, /received more/],
    [{ inputs: [{ ...good, data: [1, "2", 3] }] }, /expected numbers in its data, received string/],
    [{ inputs: [{ ...good, data: [[[[1]]], 2, 3] }] }, /nested deeper/],
    [{ inputs: [{ ...good, parameters: { binary_data_size: 12 } }] }, /both data and binary_data_size/],
    [
      { inputs: [{ ...good, data: undefined, parameters: { binary_data_size: 12 } }] },
      /expected 12 bytes behind the JSON/,
    ],
    [{ inputs: [good], outputs: [{ name: "none" }] }, /there is no output none/],
    [{ inputs: [good], extra: 1 }, /extra/],
  ];
  for (const [body, sentence] of cases) {
    const { status, body: answer } = await post("/v2/models/numbers/infer", body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.match(answer.error ?? "", sentence);
  }
  const { status } = await post(
    "/v2/models/numbers/infer",
    { inputs: [good] },
    { "Inference-Header-Content-Length": "9999" },
  );
  assert.equal(status, 400);
  const photos = [{ name: "photo", shape: [8, 5, 6, 1], datatype: "UINT8", data: [1] }];
  const few = await post("/v2/models/photos/infer", { inputs: photos });
  assert.match(few.body.error ?? "", /expected 240 values for its shape, received fewer/);
  const many = await post("/v2/models/numbers/infer", { inputs: [{ ...good, shape: [1e9, 3] }] });
  assert.equal(many.status, 413);
});

test("a model's file is opened anew while requests go on", async () => {
  const input = { name: "photo", shape: [1, 5, 6, 1], datatype: "UINT8", data: [...pixels(1)] };
  const infer = () => post("/v2/models/photos/versions/1/infer", { inputs: [input] });
  const [before, ...asked] = await Promise.all([
    infer(),
    ...Array.from({ length: 6 }, infer),
    post("/v2/repository/models/photos/load", ""),
  ]);
  for (const { status } of [before, ...asked]) assert.equal(status, 200);
  assert.deepEqual((await infer()).body.outputs, before.body.outputs);
  assert.deepEqual((await post("/v2/repository/index", "")).body, [
    { name: "numbers", version: "1", state: "READY" },
    { name: "photos", version: "1", state: "READY" },
    { name: "photos", version: "2", state: "READY" },
  ]);
});
