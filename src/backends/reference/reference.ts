// The reference backend: every record's own reference implementation, in f64, one op after the other.
// Slow on purpose: it is the oracle of every test, and knows nothing of compiling.
import { allocate } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { type Graph, rootsOf, topologicalOrder, variablesOf, verify } from "../../core/graph/graph.js";
import type { ReferenceArray, Value, Variable } from "../../core/graph/node.js";
import { sizeOf } from "../../core/shape.js";
import { type Tensor, type TensorType, tensor } from "../../core/tensor.js";
import type { Backend, Executable, Session } from "../contract.js";
import { expectInputs, expectType } from "../tensor-types.js";

const toReference = (tensor: Tensor): ReferenceArray => ({
  shape: tensor.shape,
  data: Float64Array.from(tensor.data),
});

function toTensor({ dtype, shape }: TensorType, data: Float64Array): Tensor {
  const out = allocate(dtype, data.length);
  out.set(data);
  return tensor(out, shape, dtype);
}

/** Runs a graph once on f64 arrays. `variables` are read and updated in place. */
export function interpret(
  graph: Graph,
  inputs: readonly ReferenceArray[],
  variables: Map<Variable, ReferenceArray>,
): ReferenceArray[] {
  const values = new Map<Value, ReferenceArray>();
  graph.inputs.forEach((value, i) => {
    values.set(value, inputs[i]!);
  });
  for (const node of topologicalOrder(rootsOf(graph))) {
    if (node.kind === "variable") values.set(node.outputs[0], variables.get(node.variable)!);
    if (node.kind !== "op") continue;
    const operands = node.inputs.map((operand) => values.get(operand)!);
    const types = node.outputs.map((output) => output.type);
    const results = node.record.reference(operands, node.attrs as never, types);
    node.outputs.forEach((output, i) => {
      values.set(output, { shape: output.type.shape, data: results[i]! });
    });
  }
  const outputs = graph.outputs.map((value) => values.get(value)!);
  const updated = graph.updates.map(([variable, value]) => [variable, values.get(value)!] as const);
  // A variable holds its own dtype: reading it out and writing it back changes nothing.
  for (const [variable, { data }] of updated) variables.set(variable, toReference(toTensor(variable.type, data)));
  return outputs;
}

class ReferenceSession implements Session {
  readonly threads = 1;
  readonly mode = "fast";
  readonly #variables = new Map<Variable, ReferenceArray>();
  /** The variables of each executable that is not closed. */
  readonly #uses = new Set<{ readonly variables: readonly Variable[] }>();
  #closed = false;

  get usable(): boolean {
    return !this.#closed;
  }

  async compile(graph: Graph): Promise<Executable> {
    this.#open();
    verify(graph);
    const variables = variablesOf(graph);
    const unmet = variables.filter((variable) => !this.#variables.has(variable));
    try {
      for (const variable of unmet) this.#contents(variable);
    } catch (error) {
      for (const variable of unmet) this.#variables.delete(variable);
      throw error;
    }
    const use = { variables };
    this.#uses.add(use);
    return {
      stats: { compileMs: 0, arenaBytes: 0, kernels: topologicalOrder(rootsOf(graph)).length },
      run: async (inputs) => {
        this.#open();
        if (!this.#uses.has(use))
          throw new FoveaError("already-ended", "this executable is closed; compile its graph again");
        expectInputs(graph, inputs);
        const outputs = interpret(graph, inputs.map(toReference), this.#variables);
        return outputs.map((array, i) => toTensor(graph.outputs[i]!.type, array.data));
      },
      close: async () => void this.#uses.delete(use),
    };
  }

  holds(variable: Variable): boolean {
    return this.#variables.has(variable);
  }

  async read(variable: Variable): Promise<Tensor> {
    this.#open();
    return toTensor(variable.type, this.#contents(variable).data);
  }

  async write(variable: Variable, contents: Tensor): Promise<void> {
    this.#open();
    expectType(`variable "${variable.name}"`, variable.type, contents);
    this.#variables.set(variable, toReference(contents));
  }

  async release(variables: readonly Variable[]): Promise<void> {
    const used = variables.find((variable) => [...this.#uses].some((use) => use.variables.includes(variable)));
    if (used !== undefined)
      throw new FoveaError("in-use", `release: variable "${used.name}" is used by an executable; close that first`);
    for (const variable of variables) this.#variables.delete(variable);
  }

  async usedBytes(): Promise<number> {
    this.#open();
    return [...this.#variables.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #contents(variable: Variable): ReferenceArray {
    let found = this.#variables.get(variable);
    if (found === undefined) {
      found =
        variable.initial === undefined
          ? { shape: variable.type.shape, data: new Float64Array(sizeOf(variable.type.shape)) }
          : toReference(variable.initial);
      this.#variables.set(variable, found);
    }
    return found;
  }

  #open(): void {
    if (this.#closed) throw new FoveaError("already-ended", "this session is closed; open a new one");
  }
}

/**
 * The oracle: one thread and one way of computing. exp and its kin are the JavaScript engine's own, whose last digits
 * are not the same everywhere, so it promises no bits.
 */
export const referenceBackend: Backend = {
  name: "reference",
  reproducible: false,
  open: async ({ mode } = {}) => {
    if (mode === "reproducible")
      throw new FoveaError(
        "conflicting-options",
        'mode "reproducible" is not for the backend "reference", whose exp and log are those of the JavaScript engine; use "fast" or no mode',
      );
    return new ReferenceSession();
  },
};
