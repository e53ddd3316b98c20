// Graph models of TensorFlow.js: every operator that is read gives what TensorFlow.js gives, decoders that no layers
// compute are left out with a sentence, and damaged files end in one. tools/graph-model-fixtures.ts makes the fixture.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { tensor } from "../../src/core/tensor.js";
import { defaultPlace } from "../../src/default-backend.js";
import { type LoadedGraph, loadGraph } from "../../src/formats/models/tfjs-graph/import.js";
import { TRANSLATIONS } from "../../src/formats/models/tfjs-graph/translate.js";
import type { WeightsManifest } from "../../src/formats/models/tfjs-weights.js";
import { loadModel, saveKeras } from "../../src/index.js";

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: object;
}
interface Fixture {
  readonly name: string;
  readonly modelTopology: { readonly node: readonly Node[] };
  readonly signature: { readonly outputs: Readonly<Record<string, object>> };
  readonly weightsManifest: WeightsManifest;
  readonly weights: string;
  readonly x: readonly number[];
  readonly batch: number;
  readonly outputs: readonly string[];
  readonly expected: readonly (readonly number[])[];
}

const file = new URL("../../../test/formats/fixtures/graph-models.json", import.meta.url);
const fixtures: readonly Fixture[] = JSON.parse(readFileSync(file, "utf8"));

const open = ({ weights, ...graph }: Fixture): Promise<LoadedGraph> =>
  loadGraph(graph, async () => new Uint8Array(Buffer.from(weights, "base64")), { ...defaultPlace, file: "g.json" });

/** The graph with nodes added or changed, and other outputs. */
const changed = (fixture: Fixture, nodes: readonly Node[], outputs: readonly string[]): Fixture => ({
  ...fixture,
  modelTopology: { node: [...fixture.modelTopology.node, ...nodes] },
  signature: { outputs: Object.fromEntries(outputs.map((name) => [name, {}])) },
});

for (const fixture of fixtures)
  test(`graph of ${fixture.name}: as TensorFlow.js computes it`, async () => {
    const { model, outputs, warnings } = await open(fixture);
    assert.deepEqual(warnings, []);
    assert.deepEqual(outputs, fixture.outputs);
    const x = tensor(Float32Array.from(fixture.x), [fixture.batch, ...model.inputShapes[0]!], "float32");
    const found = await model.predictAll(x);
    for (const [index, expected] of fixture.expected.entries()) {
      const { data } = found[index]!;
      assert.equal(data.length, expected.length, outputs[index]);
      for (const [i, value] of expected.entries())
        assert.ok(Math.abs(value - data[i]!) <= 1e-5 * Math.max(1, Math.abs(value)), `${outputs[index]} [${i}]`);
    }
    await model.close();
  });

test("the fixture has every operator that is read", () => {
  const held = new Set(fixtures.flatMap(({ modelTopology: { node } }) => node.map(({ op }) => op)));
  assert.deepEqual(
    Object.keys(TRANSLATIONS).filter((op) => !held.has(op)),
    [],
  );
});

test("a graph is opened by loadModel, and saved as layers that Keras has", async () => {
  const { weights, modelTopology, signature, weightsManifest } = fixtures.find(({ name }) => name === "products")!;
  const json = { format: "graph-model", modelTopology, signature, weightsManifest };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const siblings = async (name: string): Promise<Uint8Array | undefined> =>
    name === "w.bin" ? new Uint8Array(Buffer.from(weights, "base64")) : undefined;
  const { model } = await loadModel(bytes, { file: "model.json", siblings });
  const again = await loadModel(await saveKeras(model));
  assert.deepEqual(again.model.outputShapes, model.outputShapes);
  await model.close();
  await again.model.close();
});

const windows = fixtures.find(({ name }) => name === "windows")!;

const batched = fixtures.find(({ name }) => name === "batched")!;

test("outputs behind operators that are no layers are left out, and loops end", async () => {
  const [first] = batched.outputs;
  const decoder: Node[] = [
    { name: "top", op: "TopKV2", input: [first!] },
    { name: "boxes", op: "Identity", input: ["top:1"] },
  ];
  const kept = await open(changed(batched, decoder, [first!, "boxes"]));
  assert.deepEqual(kept.outputs, [first]);
  assert.match(
    kept.warnings.join(),
    /without its output boxes, because the operator TopKV2 that gives "top" is not supported/,
  );
  const cut = await open(changed(batched, decoder, ["boxes"]));
  assert.deepEqual(cut.outputs, [first], "what the decoder takes");
  const loop: Node[] = [
    { name: "again", op: "Add", input: ["x", "more"] },
    { name: "more", op: "Relu", input: ["again"] },
  ];
  const round = await open(changed(batched, loop, [first!, "more"]));
  assert.deepEqual(round.outputs, [first]);
  for (const { model } of [kept, cut, round]) await model.close();
});

test("damaged graphs end in one sentence", async () => {
  const refuses = (fixture: unknown, message: RegExp): Promise<void> =>
    assert.rejects(
      open(fixture as Fixture),
      (error) => error instanceof FoveaError && message.test(error.message) && !error.message.includes("\n"),
      String(message),
    );
  const { node } = windows.modelTopology;
  await refuses({ ...windows, modelTopology: {} }, /g\.json, modelTopology/);
  await refuses({ ...windows, modelTopology: { node: [...node, node[0]] } }, /two nodes with the name "x"/);
  await refuses({ ...windows, weights: "AAAA" }, /its weights need \d+ bytes/);
  await refuses({ ...windows, weightsManifest: [] }, /has no weights for the constant/);
  await refuses(changed(windows, [], ["nowhere"]), /nothing gives the output "nowhere"/);
  await refuses(
    changed(windows, [{ name: "y", op: "While", input: ["x"] }], ["y"]),
    /operator While that gives "y" is not supported/,
  );
  const wide = { dim: [{ size: "1" }, { size: "99999999" }, { size: "99999999" }, { size: "3" }] };
  const huge = node.map((entry) => (entry.name === "x" ? { ...entry, attr: { shape: { shape: wide } } } : entry));
  await refuses({ ...windows, modelTopology: { node: huge } }, /which are too large/);
  const many = { name: "y", op: "Split", input: ["const_1", "x"], attr: { num_split: { i: "1000000000" } } };
  await refuses(changed(windows, [many], ["y"]), /operator Split that gives "y" .*makes 1000000000 parts/);
});
