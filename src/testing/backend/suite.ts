// The contract of every backend: each op against the f64 oracle, fused graphs, updates, determinism, errors.
import type { Backend } from "../../backends/contract.js";
import { referenceBackend } from "../../backends/reference/reference.js";
import { gradients } from "../../core/autodiff.js";
import * as f from "../../core/functions/index.js";
import type { Graph } from "../../core/graph/graph.js";
import { applyAll, input, type OpRecord, Variable } from "../../core/graph/node.js";
import { OPS, type OpName } from "../../core/ops/index.js";
import { tensor } from "../../core/tensor.js";
import { type ContractCase, check } from "../contract.js";
import { graphRunner } from "./graph-runner.js";
import { CASES, type OpCase } from "./op-cases.js";
import { addSessions, addTraining } from "./sessions.js";
import { checkClose, tensorsFor } from "./tensors.js";
import { compare, type Work } from "./work.js";

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

/** The order of numbers that are equal, and of those that are none. */
function addSorting({ add, run }: Work): void {
  add("equal numbers keep their order, 0 and -0 are equal, and NaN is the last", async () => {
    const x = input("x", [2, 12]);
    const row = [0, 3, -0, Number.NaN, -1e-40, 3, Number.NEGATIVE_INFINITY, 0, 1e-40, -2, Number.POSITIVE_INFINITY, -0];
    const rows = [row, [...row].reverse()];
    const graph: Graph = { inputs: [x], outputs: [f.argSort(x)], updates: [] };
    const [order] = await run(graph, [tensor(rows, [2, 12], "float32")]);
    const wanted = [...[6, 9, 4, 0, 2, 7, 11, 8, 1, 5, 10, 3], ...[5, 2, 7, 0, 4, 9, 11, 3, 6, 10, 1, 8]];
    if (order!.data.join() !== wanted.join()) throw new Error(`expected the order ${wanted}, received ${order!.data}`);
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
  for (const part of [addGraphs, addNetworks, addPackedFilters, addSorting, addTraining, addSessions]) part(work);
  work.add("the shared session closes", async () => {
    await (await session()).close();
    check.ok(!(await session()).usable, "a closed session is not usable");
  });
  return cases;
}
