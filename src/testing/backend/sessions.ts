// The contract of sessions: training over several runs, the order of updates, memory, mistakes and the end.
import { referenceBackend } from "../../backends/reference/reference.js";
import { gradients } from "../../core/autodiff.js";
import { FoveaError } from "../../core/errors.js";
import * as f from "../../core/functions/index.js";
import type { Graph } from "../../core/graph/graph.js";
import { input, Variable } from "../../core/graph/node.js";
import type { Tensor } from "../../core/tensor.js";
import { check } from "../contract.js";
import { checkClose, tensorsFor } from "./tensors.js";
import type { Work } from "./work.js";
/** Training, and the order of updates. */
export function addTraining({ add, backend }: Work): void {
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
export function addSessions({ add, backend }: Work): void {
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
