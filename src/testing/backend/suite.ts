// The contract of every backend: each op against the f64 oracle, fused graphs, updates, determinism, errors.
import type { Backend } from "../../backends/contract.js";
import { referenceBackend } from "../../backends/reference/reference.js";
import { gradients } from "../../core/autodiff.js";
import { FoveaError } from "../../core/errors.js";
import * as f from "../../core/functions/index.js";
import type { Graph } from "../../core/graph/graph.js";
import { applyAll, input, type OpRecord, Variable } from "../../core/graph/node.js";
import { OPS, type OpName } from "../../core/ops/index.js";
import type { Tensor } from "../../core/tensor.js";
import { type ContractCase, check } from "../contract.js";
import { graphRunner, type RunGraph } from "./graph-runner.js";
import { CASES, type OpCase } from "./op-cases.js";
import { checkClose, tensorsFor } from "./tensors.js";

interface Work {
  readonly add: (name: string, run: () => Promise<void>) => void;
  readonly backend: Backend;
  readonly run: RunGraph;
  readonly tolerance: number;
}

async function compare(run: RunGraph, graph: Graph, inputs: readonly Tensor[], tolerance: number, what: string) {
  const oracle = await referenceBackend.open();
  const actual = await run(graph, inputs);
  const expected = await (await oracle.compile(graph)).run(inputs);
  expected.forEach((tensor, i) => {
    checkClose(actual[i]!, tensor, tolerance, `${what}, output ${i}`);
  });
}

/** Each op and fused graphs. */
function addGraphs({ add, backend, run, tolerance }: Work): void {
  for (const name of Object.keys(OPS) as OpName[])
    add(`${name} agrees with the reference`, async () => {
      for (const { operands, attrs } of CASES[name] as readonly OpCase[]) {
        const inputs = operands.map(({ shape, dtype = "float32" }, i) => input(`x${i}`, shape, dtype));
        const outputs = applyAll(OPS[name] as unknown as OpRecord<string, object>, inputs, attrs);
        const ranges = operands.map(({ range }) => range);
        const what = `${name} ${JSON.stringify(attrs)}`;
        await compare(run, { inputs, outputs, updates: [] }, tensorsFor(inputs, ranges), tolerance, what);
      }
    });

  add("elementwise chains, broadcasts and shared parts", async () => {
    const x = input("x", [5, 7]);
    const bias = input("bias", [7]);
    const scale = input("scale", [5, 1]);
    const y = f.mul(f.add(f.tanh(x), bias), scale);
    const z = f.sub(f.exp(y), f.sigmoid(f.neg(y)));
    const outputs = [y, z, f.sum(z, [1]), f.mean(f.square(z)), f.softmax(z), f.logSoftmax(y)];
    const graph = { inputs: [x, bias, scale], outputs, updates: [] };
    await compare(run, graph, tensorsFor(graph.inputs), tolerance, "chain");
  });

  add("composites, small and large arguments", async () => {
    const x = input("x", [3, 41]);
    const tiny = f.mul(x, 1e-6);
    const whole = f.floor(x);
    const outputs = [
      ...[f.round(x), f.round(f.add(whole, 0.5)), f.sign(x), f.sign(whole), f.clip(x, -2, 3), f.min(x, [1])],
      ...[f.log1p(tiny), f.log1p(f.abs(x)), f.expm1(tiny), f.expm1(x), f.softplus(x), f.pow(f.abs(x), 1.5)],
      ...[f.flip(x, [1]), f.sliceAxis(x, 1, 3, 5), f.iota([2, 3, 4], 1)],
    ];
    const graph = { inputs: [x], outputs, updates: [] };
    await compare(run, graph, tensorsFor(graph.inputs, [[-9, 9]]), tolerance, "composites");
  });

  add("grouped, dilated and transposed convolutions with pooling and all gradients", async () => {
    const x = input("x", [3, 9, 10, 6]);
    const grouped = input("grouped", [3, 3, 3, 4]);
    const separate = input("separate", [3, 2, 1, 8]);
    const deep = input("deep", [3, 3, 8, 5]);
    const up = input("up", [3, 3, 5, 4]);
    const a = f.conv2d(x, grouped, { padding: "same", groups: 2, dilation: [2, 1] });
    const b = f.conv2d(a, separate, { padding: "same", groups: 4 });
    const c = f.maxPool2d(f.relu(f.conv2d(b, deep, { padding: "same", dilation: [2, 2] })), [2, 2]);
    const d = f.conv2dTranspose(a, up, { strides: [2, 3], padding: "same" });
    const loss = f.add(f.mean(f.square(c)), f.mean(f.square(d)));
    const inputs = [x, grouped, separate, deep, up];
    const graph: Graph = { inputs, outputs: [a, b, c, d, ...gradients(loss, inputs)], updates: [] };
    await compare(run, graph, tensorsFor(inputs), tolerance, "convolutions");
  });

  add("normal random numbers have the moments of a standard normal", async () => {
    const state = input("state", [3], "int32");
    const session = await backend.open({ threads: 2 });
    const graph = { inputs: [state], outputs: [f.randomNormal([50, 401], state, 3)], updates: [] };
    const [drawn] = await (await session.compile(graph)).run([
      { dtype: "int32", shape: [3], data: Int32Array.of(7, 0, 2) },
    ]);
    const values = [...drawn!.data];
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    [0, 1, 0, 3].forEach((expected, i) => {
      check.ok(Math.abs(moment(i + 1) - expected) < 0.15, `moment ${i + 1} is ${moment(i + 1)}`);
    });
    await session.close();
  });
}

/** Convolutions and attention with all gradients. */
function addNetworks({ add, backend, run, tolerance }: Work): void {
  for (const [batch, height, width, cin, cout, pool] of [
    [3, 9, 7, 1, 5, 2],
    [18, 8, 8, 3, 8, 4],
    [2, 6, 10, 6, 3, 3],
    [1, 12, 12, 4, 12, 2],
    [2, 8, 12, 16, 16, 2],
    [1, 16, 9, 20, 28, 4],
  ] as const)
    add(`conv, bias, relu, pool and all gradients, ${[batch, height, width, cin, cout, pool]}`, async () => {
      const x = input("x", [batch, height, width, cin], "uint8");
      const filter = new Variable("filter", { dtype: "float32", shape: [3, 3, cin, cout] });
      const deep = new Variable("deep", { dtype: "float32", shape: [3, 3, cout, 7] });
      const bias = new Variable("bias", { dtype: "float32", shape: [cout] });
      const images = f.mul(f.cast(x, "float32"), 1 / 255);
      const hidden = f.maxPool2d(f.relu(f.add(f.conv2d(images, filter.read(), { padding: "same" }), bias.read())), [
        pool,
        pool,
      ]);
      const out = f.maxPool2d(f.conv2d(hidden, deep.read(), { padding: "same" }), [2, 2], { padding: "same" });
      const loss = f.mean(f.square(f.sub(out, 0.3)));
      const variables = [filter, deep, bias];
      const grads = gradients(
        loss,
        variables.map((variable) => variable.read()),
      );
      const graph: Graph = {
        inputs: [x],
        outputs: [loss, ...grads],
        updates: variables.map((variable, i) => [variable, f.sub(variable.read(), f.mul(grads[i]!, 0.1))]),
      };
      const start = tensorsFor([x, ...variables.map((variable) => variable.read())], [[0, 255]]);
      const [ours, oracle] = [await backend.open({ threads: 2 }), await referenceBackend.open()];
      for (const session of [ours, oracle])
        for (const [i, variable] of variables.entries()) await session.write(variable, start[i + 1]!);
      const actual = await (await ours.compile(graph)).run([start[0]!]);
      const expected = await (await oracle.compile(graph)).run([start[0]!]);
      expected.forEach((tensor, i) => {
        checkClose(actual[i]!, tensor, tolerance, `output ${i}`);
      });
      for (const variable of variables)
        checkClose(await ours.read(variable), await oracle.read(variable), tolerance, variable.name);
      await ours.close();
    });

  for (const [batch, height, width, padding] of [
    [1, 14, 10, "same"],
    [3, 8, 8, "valid"],
    [17, 4, 6, "same"],
    [2, 7, 5, "same"],
    [1, 1, 3, "same"],
    [5, 9, 1, "same"],
    [2, 5, 3, "valid"],
  ] as const)
    add(`wide 3 x 3 convolutions without pooling, ${[batch, height, width, padding]}`, async () => {
      const x = input("x", [batch, height, width, 20]);
      const filter = input("filter", [3, 3, 20, 24]);
      const y = f.relu(f.conv2d(f.mul(x, 0.5), filter, { padding }));
      const loss = f.mean(f.square(y));
      const graph: Graph = { inputs: [x, filter], outputs: [y, ...gradients(loss, [x, filter])], updates: [] };
      await compare(run, graph, tensorsFor(graph.inputs), tolerance, "convolution");
    });

  for (const [lead, m, k, n] of [
    [[2, 3], 37, 11, 37],
    [[5], 18, 300, 9],
    [[3], 1, 4, 523],
    [[2], 19, 2, 600],
  ] as const)
    add(`attention over ${lead.join(" x ")} matrices, ${[m, k, n]}, and all gradients`, async () => {
      const [query, key] = [input("query", [...lead, m, k]), input("key", [...lead, n, k])];
      const [value, bias] = [input("value", [n, 7]), input("bias", [n])];
      const scores = f.softmax(f.add(f.mul(f.matmul(query, key, { transposeB: true }), 0.2), bias));
      const y = f.relu(f.matmul(scores, f.broadcastTo(value, [...lead, n, 7])));
      const wanted = gradients(f.mean(f.square(y)), [query, key, value, bias]);
      const graph: Graph = { inputs: [query, key, value, bias], outputs: [y, ...wanted], updates: [] };
      await compare(run, graph, tensorsFor(graph.inputs), tolerance, "attention");
    });
}

/** Convolutions whose filters are packed, or whose slices share out filters. */
function addPackedFilters({ add, run, tolerance }: Work): void {
  for (const [batch, height, width, cin, cout, computed] of [
    [1, 7, 7, 68, 76, false],
    [2, 13, 9, 130, 37, false],
    [1, 21, 11, 5, 12, true],
    [3, 5, 3, 96, 50, true],
    [17, 3, 3, 9, 4, true],
  ] as const)
    add(`convolutions of one cell beside a sum, ${[batch, height, width, cin, cout]}`, async () => {
      const x = input("x", [batch, height, width, cin]);
      const filter = input("filter", [1, 1, cin, cout]);
      const [bias, beside] = [input("bias", [cout]), input("beside", [batch, height, width, cout])];
      const images = computed ? f.relu(f.add(x, 0.25)) : x;
      const y = f.relu(f.add(f.add(f.conv2d(images, filter), bias), beside));
      const inputs = [x, filter, bias, beside];
      const outputs = [y, ...gradients(f.mean(f.square(y)), inputs)];
      await compare(run, { inputs, outputs, updates: [] }, tensorsFor(inputs), tolerance, "convolution of one cell");
    });

  for (const [batch, side, cin, cout, pool] of [
    [16, 13, 24, 26, 1],
    [1, 40, 30, 21, 2],
  ] as const)
    add(`convolutions with strides and many filters, ${[batch, side, cin, cout, pool]}`, async () => {
      const [x, filter] = [input("x", [batch, side, side, cin]), input("filter", [3, 3, cin, cout])];
      const y = f.maxPool2d(f.conv2d(x, filter, { strides: [2, 2], padding: "same" }), [pool, pool]);
      const graph: Graph = { inputs: [x, filter], outputs: [y], updates: [] };
      await compare(run, graph, tensorsFor(graph.inputs), tolerance, "convolution with strides");
    });
}

/** Training, and the order of updates. */
function addTraining({ add, backend }: Work): void {
  add("a dense network with an optimizer, several steps", async () => {
    const x = input("x", [13, 300]);
    const labels = input("labels", [13], "int32");
    const rate = input("rate", []);
    const kernel = new Variable("kernel", { dtype: "float32", shape: [300, 11] });
    const moment = new Variable("moment", { dtype: "float32", shape: [300, 11] });
    const logits = f.matmul(x, kernel.read());
    const loss = f.neg(f.mean(f.sum(f.mul(f.logSoftmax(logits), f.oneHot(labels, 11)), [-1])));
    const [grad] = gradients(loss, [kernel.read()]);
    const velocity = f.add(f.mul(moment.read(), 0.9), grad!);
    const hits = f.sum(f.equal(f.cast(f.argMax(logits), "float32"), f.cast(labels, "float32")));
    const graph: Graph = {
      inputs: [x, labels, rate],
      outputs: [loss, hits],
      updates: [
        [moment, velocity],
        [kernel, f.sub(kernel.read(), f.mul(velocity, rate))],
      ],
    };
    const [ours, oracle] = [await backend.open({ threads: 3 }), await referenceBackend.open()];
    const [a, b] = [await ours.compile(graph), await oracle.compile(graph)];
    const feeds = tensorsFor(graph.inputs, [undefined, [0, 10.99], [0.1, 0.2]]);
    for (let step = 0; step < 5; step++) {
      const [actual, expected] = [await a.run(feeds), await b.run(feeds)];
      expected.forEach((tensor, i) => {
        checkClose(actual[i]!, tensor, 1e-4, `step ${step}, output ${i}`);
      });
    }
    checkClose(await ours.read(kernel), await oracle.read(kernel), 1e-4, "kernel");
    await ours.close();
  });

  add("updates see the variables as they were before the run", async () => {
    const a = new Variable(
      "a",
      { dtype: "float32", shape: [3] },
      { dtype: "float32", shape: [3], data: Float32Array.of(1, 2, 3) },
    );
    const b = new Variable(
      "b",
      { dtype: "float32", shape: [3] },
      { dtype: "float32", shape: [3], data: Float32Array.of(4, 5, 6) },
    );
    const session = await backend.open({ threads: 2 });
    const swap = await session.compile({
      inputs: [],
      outputs: [a.read()],
      updates: [
        [a, b.read()],
        [b, f.add(a.read(), b.read())],
      ],
    });
    const [before] = await swap.run([]);
    check.deepEqual([...before!.data], [1, 2, 3]);
    check.deepEqual([...(await session.read(a)).data], [4, 5, 6]);
    check.deepEqual([...(await session.read(b)).data], [5, 7, 9]);
    await session.close();
  });
}

/** Memory, mistakes and the end of sessions. */
function addSessions({ add, backend }: Work): void {
  add("released variables start again, their memory and that of closed executables is used again", async () => {
    const session = await backend.open({ threads: 2 });
    const type = { dtype: "float32", shape: [64, 64] } as const;
    const round = async (): Promise<number> => {
      const weight = new Variable("weight", type, { ...type, data: new Float32Array(64 * 64).fill(2) });
      const kept = new Variable("kept", type);
      const x = input("x", [64, 64]);
      const graph = {
        inputs: [x],
        outputs: [f.matmul(x, weight.read())],
        updates: [[weight, f.mul(weight.read(), 3)]],
      };
      const executable = await session.compile(graph as unknown as Graph);
      const ones: Tensor = { ...type, data: new Float32Array(64 * 64).fill(1) };
      check.equal((await executable.run([ones]))[0]!.data[0], 128);
      check.equal((await session.read(weight)).data[0], 6);
      await session.write(kept, ones);
      const used = await session.usedBytes();
      await check.rejects(
        session.release([kept, weight]),
        /variable "weight" is used by an executable; close that first/,
      );
      check.ok(session.holds(kept) && session.holds(weight));
      await Promise.all([executable.close(), executable.close()]);
      await check.rejects(executable.run([ones]), /this executable is closed; compile its graph again/);
      check.equal((await session.read(weight)).data[0], 6, "closing an executable leaves variables");
      await session.release([kept, weight, weight]);
      check.ok(!session.holds(kept) && !session.holds(weight));
      check.ok((await session.usedBytes()) < used);
      const again = await session.compile({ inputs: [], outputs: [weight.read()], updates: [] });
      check.equal((await again.run([]))[0]!.data[0], 2);
      await again.close();
      await session.release([weight]);
      return used;
    };
    const first = await round();
    for (let i = 0; i < 3; i++) check.equal(await round(), first);
    check.ok(session.usable);
    const last = await session.compile({ inputs: [], outputs: [f.iota([3], 0)], updates: [] });
    await session.close();
    check.ok(!session.usable);
    await last.close();
  });

  add("first contents that cannot be made leave nothing of their graph behind", async () => {
    const session = await backend.open({ threads: 2 });
    const type = { dtype: "float32", shape: [64, 64] } as const;
    const good = new Variable("good", type, { ...type, data: new Float32Array(64 * 64).fill(1) });
    const bad = new Variable("bad", type, () => {
      throw new FoveaError("not-ready", "no contents");
    });
    const before = await session.usedBytes();
    const both = { inputs: [], outputs: [f.add(good.read(), bad.read())], updates: [] };
    for (let i = 0; i < 5; i++) await check.rejects(session.compile(both), /no contents/);
    // The memory that programs share may stay.
    check.ok((await session.usedBytes()) - before < 4 * 64 * 64);
    check.ok(!session.holds(good) && !session.holds(bad));
    const alone = await session.compile({ inputs: [], outputs: [f.sum(good.read())], updates: [] });
    check.equal((await alone.run([]))[0]!.data[0], 64 * 64);
    await session.close();
  });

  add("wrong inputs and closed sessions are refused in a sentence", async () => {
    const x = input("x", [2, 3]);
    const session = await backend.open();
    const executable = await session.compile({ inputs: [x], outputs: [f.neg(x)], updates: [] });
    const wrong: Tensor = { dtype: "float32", shape: [3, 2], data: new Float32Array(6) };
    await check.rejects(executable.run([wrong]), /input "x" expects float32 \[2, 3\], received float32 \[3, 2\]/);
    await check.rejects(executable.run([]), /expected 1 inputs, received 0/);
    const known = new Variable("known", { dtype: "float32", shape: [2, 3] });
    await check.rejects(
      session.write(known, wrong),
      /variable "known" expects float32 \[2, 3\], received float32 \[3, 2\]/,
    );
    // Calls from before the session closes are done, later ones are refused.
    const [done, ...closed] = [session.read(known), session.close(), session.close()];
    const late = [executable.run([]), session.read(known), session.usedBytes()];
    await Promise.all(late.map((call) => check.rejects(call, /this session is closed; open a new one/)));
    check.deepEqual(((await done) as Tensor).shape, [2, 3]);
    await Promise.all([...closed, executable.close(), session.release([known])]);
  });
}

/** Options of a backend's contract. */
export interface BackendContractOptions {
  /**
   * The largest relative difference from the reference; a backend with other roundings may pick another winner among
   * nearly equal ones. Default 1e-5.
   */
  readonly tolerance?: number;
}

/**
 * The promises of a backend: each op and fused graphs agree with the float64 reference, updates see variables as they were,
 * memory is given back, mistakes are refused in a sentence. The graphs share one session, which the last case closes.
 * @param backend the backend that is held to the contract
 * @returns cases for a runner of tests, to be run in their order; a case rejects where its promise is broken
 * @example
 * const [first] = backendContract(defaultBackend);
 * await first.run(); // or test(name, run) for each
 */
export function backendContract(backend: Backend, options: BackendContractOptions = {}): readonly ContractCase[] {
  const { tolerance = 1e-5 } = options;
  const cases: ContractCase[] = [];
  const { run, session } = graphRunner(backend);
  const work: Work = { add: (name, work) => cases.push({ name, run: work }), backend, run, tolerance };
  for (const part of [addGraphs, addNetworks, addPackedFilters, addTraining, addSessions]) part(work);
  work.add("the shared session closes", async () => {
    await (await session()).close();
    check.ok(!(await session()).usable, "a closed session is not usable");
  });
  return cases;
}
