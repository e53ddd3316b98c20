// Hostile model files: hundreds of mutations of every format, and the classics one by one. Each opens, or is refused by
// one FoveaError, soon and in bounded memory. The mutations are drawn from our own generator, so a failure repeats.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { zipSync } from "fflate";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { Random, STREAM } from "../../src/core/random.js";
import { MessageWriter } from "../../src/formats/containers/protobuf.js";
import { readZip, writeZip } from "../../src/formats/containers/zip.js";
import {
  convert,
  loadKerasH5,
  loadModel,
  loadWeights,
  saveOnnx,
  saveSafetensors,
  saveTfjs,
} from "../../src/formats/index.js";
import { conv2d, input } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import "../formats/held-library.js";

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../test/formats/fixtures/${name}`, import.meta.url)));
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const TIME_LIMIT_MS = 30_000;
const MOST_MEMORY = 2 ** 29;

/** Opens; a refusal must be one FoveaError of one line. Says whether it was refused. */
async function refused(what: string, open: () => Promise<unknown>): Promise<boolean> {
  const start = performance.now();
  const before = process.memoryUsage().arrayBuffers;
  let caught: unknown;
  try {
    await open();
  } catch (error) {
    caught = error;
    assert.ok(error instanceof FoveaError, `${what}: ${error instanceof Error ? error.stack : error}`);
    assert.ok(error.message.length > 10 && !error.message.includes("\n"), `${what}: ${error.message}`);
  }
  assert.ok(performance.now() - start < TIME_LIMIT_MS, `${what}: took too long`);
  assert.ok(process.memoryUsage().arrayBuffers - before < MOST_MEMORY, `${what}: took too much memory`);
  return caught !== undefined;
}

/** A damaged copy: cut, bytes changed, a run of zeros, a part repeated or taken out. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length);
  const length = 1 + random.integer(Math.min(64, bytes.length - at));
  const copy = new Uint8Array(bytes);
  const kind = random.integer(5);
  if (kind === 0) return copy.subarray(0, at);
  if (kind === 1) for (let i = 0; i < 4; i++) copy[random.integer(copy.length)] = random.integer(256);
  if (kind === 2) copy.fill(0, at, at + length);
  if (kind === 3) copy.set(copy.slice(0, length), at);
  if (kind !== 4) return copy;
  const shorter = new Uint8Array(bytes.length - length);
  shorter.set(bytes.subarray(0, at));
  shorter.set(bytes.subarray(at + length), at);
  return shorter;
}

const STRANGE = ["null", "-1", "0", "1e9", "2147483648", "1e400", '"x"', "[]", "{}", "true", '"Lambda"', "[[[]]]"];

/** JSON with one value after a key replaced by another kind of value, so that it stays JSON. */
function strange(text: string, random: Random): string {
  const places = [...text.matchAll(/":\s*("[^"]*"|-?[\d.]+(?:e-?\d+)?|true|false|null|\[[\d, ]*\])/g)];
  const { index, 0: found, 1: value } = places[random.integer(places.length)]!;
  const start = index + found.length - value!.length;
  return text.slice(0, start) + STRANGE[random.integer(STRANGE.length)] + text.slice(start + value!.length);
}

test("over two hundred mutated files of all formats", async () => {
  const random = new Random(20, STREAM.initialize);
  const plain = (await loadKerasH5(fixture("legacy.h5"), { backend, compile: false })).model;
  const tensors = await saveSafetensors(plain);
  const json = decode(fixture("tfjs-model.json"));
  const members = readZip(fixture("trained.keras"));
  const shard = fixture("tfjs-weights.bin");
  const open =
    (bytes: Uint8Array, weights = shard) =>
    () =>
      loadModel(bytes, {
        backend,
        file: "x",
        siblings: async (name) => (name === "tfjs-weights.bin" ? weights : undefined),
      });
  const withConfig = (config: string): Uint8Array =>
    writeZip([...members].map(([path, bytes]) => [path, path === "config.json" ? encode(config) : bytes]));
  // Each reading of HDF5 starts a thread, so these are fewer.
  const KINDS: readonly (readonly [string, number, () => () => Promise<unknown>])[] = [
    ["keras", 8, () => open(damaged(fixture("trained.keras"), random))],
    ["keras config", 12, () => open(withConfig(strange(decode(members.get("config.json")!), random)))],
    ["keras h5", 8, () => open(damaged(fixture("legacy.h5"), random))],
    ["weights.h5", 5, () => () => loadWeights(plain, damaged(fixture("legacy.weights.h5"), random))],
    ["safetensors", 60, () => () => loadWeights(plain, damaged(tensors, random))],
    ["tfjs", 60, () => open(damaged(encode(json), random))],
    ["tfjs config", 80, () => open(encode(strange(json, random)))],
    ["tfjs shard", 10, () => open(encode(json), damaged(shard, random))],
    ["onnx", 120, () => open(damaged(fixture("classifier.onnx"), random))],
    ["small onnx", 120, () => open(damaged(fixture("plain.onnx"), random))],
  ];
  let [tried, refusals] = [0, 0];
  for (const [name, count, make] of KINDS)
    for (let i = 0; i < count; i++) {
      tried++;
      if (await refused(`${name} ${i}`, make())) refusals++;
    }
  assert.ok(tried > 200 && refusals > tried / 4, `${refusals} of ${tried} were refused`);
});

test("descriptions that lie", async () => {
  const json = decode(fixture("tfjs-model.json"));
  const lies: readonly (readonly [string, string, RegExp])[] = [
    ['"batch_input_shape":[null,12,10,3]', '"batch_input_shape":[null,1048576,1048576,3]', /built for samples/],
    ['"DepthwiseConv2D"', '"Lambda"', /the layer Lambda .* is a function of Python, which is never executed/],
    ['[["stem",0,0,{}]]', '[["sum",0,0,{}]]', /wait for each other/],
    ['"units":3', '"units":1e15', /expected float32/],
    ['"layers":[', `"layers":${"[".repeat(20000)}${"]".repeat(20000)},"other":[`, /expected|damaged|too deeply/],
  ];
  for (const [from, to, sentence] of lies) {
    assert.ok(json.includes(from), from);
    const bytes = encode(json.replace(from, to));
    const open = () => loadModel(bytes, { backend, file: "x.json", siblings: async () => fixture("tfjs-weights.bin") });
    await assert.rejects(open, (error) => error instanceof FoveaError && sentence.test(error.message), from);
  }
});

/** The file is refused in that sentence, soon and in bounded memory. */
async function fails(bytes: Uint8Array, sentence: RegExp): Promise<void> {
  const open = () => loadModel(bytes, { backend, file: "x" });
  await refused(String(sentence), open);
  await assert.rejects(open, sentence);
}

/** An ONNX file of these nodes, with one constant and samples of `width` numbers. */
function onnx(
  constant: MessageWriter,
  nodes: readonly (readonly [op: string, inputs: readonly string[], output: string])[],
  width = 4,
) {
  const message = () => new MessageWriter();
  const extents = message().bytes(1, message().int(1, 1)).bytes(1, message().int(1, width));
  const type = message().bytes(1, message().int(1, 1).bytes(2, extents));
  const graph = message().bytes(2, "graph").bytes(5, constant);
  for (const [op, inputs, output] of nodes) {
    const node = message().bytes(2, output).bytes(4, op);
    for (const name of inputs) node.bytes(1, name);
    graph.bytes(1, node);
  }
  graph.bytes(11, message().bytes(1, "x").bytes(2, type)).bytes(12, message().bytes(1, nodes.at(-1)![2]));
  return message().int(1, 8).bytes(7, graph).bytes(8, message().bytes(1, "").int(2, 17)).finish();
}

test("small ONNX files that would make much of little", async () => {
  const list = new MessageWriter().int(1, 2).int(2, 7).int(7, 1).int(7, 1).bytes(8, "c0");
  const doubled = Array.from({ length: 40 }, (_, i) => ["Concat", [`c${i}`, `c${i}`], `c${i + 1}`] as const);
  await fails(onnx(list, doubled), /makes far more numbers out of constants than the file has/);
  const side = 1024;
  const square = new MessageWriter()
    .int(1, side)
    .int(1, side)
    .int(2, 1)
    .bytes(9, new Uint8Array(4 * side * side));
  const shared = Array.from(
    { length: 300 },
    (_, i) => ["MatMul", [i === 0 ? "x" : `y${i - 1}`, "w"], `y${i}`] as const,
  );
  await fails(onnx(square.bytes(8, "w"), shared, side), /far more weights than the file has/);
  // More axes than a function takes arguments.
  const axes = new MessageWriter().bytes(1, new Uint8Array(300_000).fill(1)).int(2, 1).bytes(8, "w");
  await fails(onnx(axes, [["Relu", ["x"], "y"]]), /has 300000 axes/);
  await fails(onnx(list, [["Relu", ["a\nb\u001b[2J"], "y"]]), /needs "a b \[2J"/);
});

test("archives that expand without end", async () => {
  const config = new Uint8Array(2 ** 28 + 1);
  await fails(zipSync({ "config.json": config }, { level: 1 }), /unpacks to more than the 268435456 bytes allowed/);
  // Some archives hold themselves: an archive in an archive has to be a model.
  const inner = writeZip([["model.json", encode("{}")]]);
  await fails(writeZip([["model.keras", inner]]), /x, model\.keras is not a \.keras file/);
  // The zip64 form can claim four thousand million entries.
  const record = new Uint8Array(56);
  const good = writeZip([["config.json", encode("{}")]]);
  const directory = new DataView(good.buffer).getUint32(good.length - 6, true);
  const view = new DataView(record.buffer);
  view.setUint32(0, 0x06064b50, true);
  view.setUint32(32, 0xffff_ffff, true);
  view.setUint32(48, directory, true);
  const locator = new Uint8Array(20);
  new DataView(locator.buffer).setUint32(0, 0x07064b50, true);
  new DataView(locator.buffer).setUint32(8, good.length - 22, true);
  await fails(Uint8Array.from([...good.slice(0, -22), ...record, ...locator, ...good.slice(-22)]), /zip64/);
});

test("a shard that is named again and again is read once", async () => {
  const json = decode(fixture("tfjs-model.json")).replace(/"paths":\["([^"]+)"\]/, '"paths":["$1","$1"]');
  let reads = 0;
  const siblings = async (name: string): Promise<Uint8Array | undefined> => {
    if (name !== "tfjs-weights.bin") return undefined;
    reads++;
    return fixture(name);
  };
  await assert.rejects(
    () => loadModel(encode(json), { backend, siblings }),
    /names the shard "tfjs-weights\.bin" twice/,
  );
  assert.equal(reads, 1);
});

test("a model whose images take terabytes opens, for its weights are small, and is refused when it is asked", async () => {
  const small = new Sequential([input([8, 8, 1]), conv2d(2, 3)], { backend });
  const files = await saveTfjs(small);
  const lie = decode(files.get("model.json")!).replace("[null,8,8,1]", "[null,1048576,1048576,1]");
  const opened = await loadModel(encode(lie), { backend, siblings: async (name) => files.get(name) });
  const { model } = opened;
  assert.deepEqual(model.inputShape, [1048576, 1048576, 1]);
  for (const work of [() => convert(opened, "onnx"), () => convert(opened, "keras"), () => saveOnnx(model)])
    await assert.rejects(
      work,
      (error) => error instanceof FoveaError && /too large/.test(error.message) && !/\n/.test(error.message),
    );
});
