// @ts-check
// The child that measures a training step of the lecture's CNN in jax-js on its WebAssembly device: forward, backward
// and Adam under one jit. Arrays are counted references there: every use but the last takes `.ref`.
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { answer, measure, noise, readSpec } from "../../dist/bench/measure.js";

const spec = readSpec();
await init("wasm");
defaultDevice("wasm");
const [height, width, channels] = spec.image;
const { batch, classes } = spec;
const size = (shape) => shape.reduce((a, b) => a * b);
const array = (shape, scale, offset) => np.array(noise(size(shape), scale, offset)).reshape(shape);
const weight = (shape, fanIn) => {
  const limit = Math.sqrt(6 / fanIn);
  return array(shape, 2 * limit, -limit);
};

const BLOCKS = [
  [16, 2],
  [32, 2],
  [64, 4],
];
const features = 64 * Math.floor(height / 16) * Math.floor(width / 16);
let from = channels;
let params = [
  ...BLOCKS.flatMap(([to]) => {
    const filter = weight([to, from, 3, 3], 9 * from);
    from = to;
    return [filter, np.zeros([1, to, 1, 1])];
  }),
  weight([features, 64], features),
  np.zeros([64]),
  weight([64, classes], 64),
  np.zeros([classes]),
];

/** Non-overlapping max pooling; rows and columns that fill no window are dropped. */
function maxPool(y, pool) {
  const [n, c, h, w] = y.shape;
  const [rows, columns] = [Math.floor(h / pool), Math.floor(w / pool)];
  const cut = y.slice([], [], [0, rows * pool], [0, columns * pool]);
  return np.max(cut.reshape([n, c, rows, pool, columns, pool]), [3, 5]);
}

function loss(weights, x, target) {
  let y = x.mul(1 / 255);
  BLOCKS.forEach(([, pool], i) => {
    const z = lax.convGeneralDilated(y, weights[2 * i], [1, 1], "SAME").add(weights[2 * i + 1]);
    y = maxPool(nn.relu(z), pool);
  });
  const hidden = nn.relu(np.matmul(y.reshape([batch, features]), weights[6]).add(weights[7]));
  const logits = np.matmul(hidden, weights[8]).add(weights[9]);
  return np.mean(np.sum(nn.logSoftmax(logits).mul(target), 1)).mul(-1);
}

const step = jit((weights, momenta, velocities, x, target, rate) => {
  const [value, slopes] = valueAndGrad(loss)(tree.ref(weights), x, target);
  const m = momenta.map((mean, i) => mean.mul(0.9).add(slopes[i].ref.mul(0.1)));
  const v = velocities.map((square, i) => square.mul(0.999).add(np.square(slopes[i]).mul(0.001)));
  const next = weights.map((w, i) => w.sub(m[i].ref.mul(rate.ref).div(np.sqrt(v[i].ref).add(1e-7))));
  rate.dispose();
  return [value, next, m, v];
});

const x = array([batch, channels, height, width], 255, 0);
const target = nn.oneHot(np.array(Int32Array.from(noise(batch, classes))), classes);
let m = params.map((w) => np.zeros(w.shape));
let v = params.map((w) => np.zeros(w.shape));
let t = 0;
answer(
  await measure(spec, async () => {
    t++;
    const rate = np.array((0.001 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t));
    let value;
    [value, params, m, v] = step(params, m, v, x.ref, target.ref, rate);
    await value.data();
    // The updates as well, not only the loss.
    await Promise.all(params.map((w) => w.blockUntilReady()));
  }),
);
