// The registry of primitive ops: the only list of them. Backends' lowering tables and the gradient check are total
// over it, so a new line here is a type error wherever something is still missing.
import type { Node, OpNode, OpRecord } from "../graph/node.js";
import { conv2d, depthwiseConv2d } from "./convolution.js";
import * as elementwise from "./elementwise.js";
import { gatherOp, scatterAddOp } from "./gather.js";
import * as indexing from "./indexing.js";
import { matmulOp } from "./matmul.js";
import * as pool from "./pool.js";
import * as reduce from "./reduce.js";
import * as shaping from "./shaping.js";
import { softmaxCrossentropyOp } from "./softmax-crossentropy.js";
import { argSortOp, cumsumOp } from "./sorting.js";

export const OPS = {
  constant: elementwise.constantOp,
  add: elementwise.addOp,
  sub: elementwise.subOp,
  mul: elementwise.mulOp,
  div: elementwise.divOp,
  maximum: elementwise.maximumOp,
  minimum: elementwise.minimumOp,
  greater: elementwise.greaterOp,
  equal: elementwise.equalOp,
  select: elementwise.selectOp,
  neg: elementwise.negOp,
  abs: elementwise.absOp,
  exp: elementwise.expOp,
  log: elementwise.logOp,
  sqrt: elementwise.sqrtOp,
  tanh: elementwise.tanhOp,
  sigmoid: elementwise.sigmoidOp,
  sin: elementwise.sinOp,
  cos: elementwise.cosOp,
  erf: elementwise.erfOp,
  floor: elementwise.floorOp,
  stopGradient: elementwise.stopGradientOp,
  relu: elementwise.reluOp,
  cast: elementwise.castOp,
  sum: reduce.sumOp,
  max: reduce.maxOp,
  broadcastTo: reduce.broadcastToOp,
  reshape: reduce.reshapeOp,
  transpose: reduce.transposeOp,
  pad: shaping.padOp,
  slice: shaping.sliceOp,
  concatenate: shaping.concatenateOp,
  argMax: indexing.argMaxOp,
  oneHot: indexing.oneHotOp,
  randomUniform: indexing.randomUniformOp,
  iota: indexing.iotaOp,
  gather: gatherOp,
  scatterAdd: scatterAddOp,
  argSort: argSortOp,
  cumsum: cumsumOp,
  matmul: matmulOp,
  softmaxCrossentropy: softmaxCrossentropyOp,
  conv2d: conv2d.forward,
  conv2dInputGrad: conv2d.inputGrad,
  conv2dFilterGrad: conv2d.filterGrad,
  depthwiseConv2d: depthwiseConv2d.forward,
  depthwiseConv2dInputGrad: depthwiseConv2d.inputGrad,
  depthwiseConv2dFilterGrad: depthwiseConv2d.filterGrad,
  maxPool2d: pool.maxPool2dOp,
  maxPool2dGrad: pool.maxPool2dGradOp,
  averagePool2d: pool.averagePool2dOp,
  averagePool2dGrad: pool.averagePool2dGradOp,
} as const;

export type OpName = keyof typeof OPS;

/** Ops whose records say that they are elementwise. */
export type ElementwiseName = {
  [K in OpName]: (typeof OPS)[K] extends elementwise.ElementwiseRecord<K> ? K : never;
}[OpName];

/** The attributes of op `K`. */
export type AttrsOf<K extends OpName> = (typeof OPS)[K] extends OpRecord<string, infer Attrs> ? Attrs : never;

/** A node known to apply op `K`. */
export interface NodeOf<K extends OpName> extends OpNode {
  readonly record: (typeof OPS)[K];
  readonly attrs: AttrsOf<K>;
}

/** Narrows a node to op `K`. */
export const isOp = <K extends OpName>(node: { kind: string; record?: { name: string } }, name: K): node is NodeOf<K> =>
  node.kind === "op" && node.record?.name === name;

/** Narrows a node to those whose record says that the op is elementwise. */
export const isElementwiseOp = (node: Node): node is NodeOf<ElementwiseName> =>
  node.kind === "op" && node.record.kind === "elementwise";
