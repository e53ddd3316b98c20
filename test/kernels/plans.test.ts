// The numbers behind the machine code: slices, blocks and tiles cover each row, column and cell once, within the bounds
// that scratch memory and registers set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { planConv2d } from "../../src/backends/wasm/kernels/conv2d.js";
import { planDepthwise } from "../../src/backends/wasm/kernels/depthwise.js";
import { cut, cutImages } from "../../src/backends/wasm/kernels/emission.js";
import { planMatmul } from "../../src/backends/wasm/kernels/matmul.js";
import { isPointwise, planPointwise } from "../../src/backends/wasm/kernels/pointwise.js";
import { planReduce } from "../../src/backends/wasm/kernels/reduce.js";
import { vectorGroups } from "../../src/backends/wasm/kernels/sparse.js";
import { planSpread } from "../../src/backends/wasm/kernels/spread.js";
import { planWinograd } from "../../src/backends/wasm/kernels/winograd.js";
import { planWinogradFilterGrad } from "../../src/backends/wasm/kernels/winograd-filter-grad.js";
import { adjoint, tilePoints } from "../../src/compile/geometry.js";
import type { Buffer, ConvGeometry, Expression } from "../../src/compile/kernels.js";
import { sizeOf } from "../../src/core/shape.js";

const geometryOf = (batch: number, [height, width]: readonly [number, number], cin: number, cout: number) =>
  ({
    batch,
    input: [height, width],
    inputChannels: cin,
    outputChannels: cout,
    filter: [3, 3],
    strides: [1, 1],
    padding: [1, 1, 1, 1],
    dilation: [1, 1],
    spacing: [1, 1],
    output: [height, width],
  }) satisfies ConvGeometry;

test("slices cover an extent, each of them a multiple", () => {
  for (const extent of [1, 7, 16, 100, 4097])
    for (const multiple of [1, 16]) {
      const { slices, chunk } = cut(extent, 4096, { multiple });
      assert.ok(slices * chunk >= extent && (slices - 1) * chunk < extent, `${slices} of ${chunk} for ${extent}`);
      assert.equal(chunk % multiple, 0);
      assert.ok(slices <= 64);
    }
});

test("bands cover the rows of each image, and are cut only where images are few", () => {
  for (const [batch, rows] of [
    [1, 80],
    [3, 7],
    [16, 80],
    [64, 5],
  ] as const) {
    const { rowsPerBand, perImage, slices } = cutImages(batch, rows);
    assert.ok(perImage * rowsPerBand >= rows && (perImage - 1) * rowsPerBand < rows);
    assert.equal(slices, batch * perImage);
    if (batch >= 16) assert.equal(perImage, 1);
  }
});

test("a product's blocks cover its rows and columns; short ones share out the columns", () => {
  const shape = { count: 1, transposeA: false, transposeB: false };
  for (const [m, n, k] of [
    [1, 1000, 64],
    [17, 13, 257],
    [600, 24, 31],
    [9, 700, 300],
  ] as const) {
    const plan = planMatmul({ ...shape, m, n, k });
    assert.ok(plan.rowBlock * plan.rowBlocks >= m && plan.columnBlock * plan.columnBlocks >= n);
    assert.equal(plan.columnBlock % 8, 0);
    assert.equal(plan.slices, plan.rowBlocks * plan.columnBlocks);
    assert.equal(plan.kBlocks, Math.ceil(k / 256));
    assert.equal(plan.packed, m >= 8 && n >= 512);
  }
  assert.equal(planMatmul({ ...shape, m: 1, n: 1000, k: 64 }).columnBlocks, 8);
  assert.equal(planMatmul({ ...shape, m: 600, n: 24, k: 31 }).columnBlocks, 1);
  const turned = planMatmul({ count: 3, m: 20, n: 8, k: 12, transposeA: true, transposeB: true });
  assert.deepEqual([turned.packed, turned.aRow, turned.aStep, turned.slices], [true, 4, 80, 6]);
});

test("tiles of a pooling window hold each of its cells once, four at most", () => {
  const pool = { size: [3, 3], output: [3, 2] } as const;
  const plan = planConv2d({ geometry: geometryOf(2, [9, 7], 5, 6), pool });
  assert.deepEqual(
    plan.windowTiles.flatMap(({ cells }) => cells),
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  );
  assert.ok(plan.windowTiles.every(({ cells }) => cells.length <= 4));
  // Padded rows have 9 pixels of 5 channels of 4 bytes.
  assert.deepEqual(plan.windowTiles.flatMap(({ offsets }) => offsets).slice(0, 5), [0, 20, 40, 180, 200]);
  assert.deepEqual(plan.next, { down: 540, right: 60 });
  assert.deepEqual([plan.height, plan.width], [3, 2]);
  assert.deepEqual(planConv2d({ geometry: geometryOf(2, [9, 7], 5, 6), pool: undefined }).windowTiles, []);
});

test("filters of one cell: slices share out the rows of large maps, and the filters of small ones that lie in memory", () => {
  const buffer: Buffer = { dtype: "float32", size: 1 << 20, role: "temporary" };
  const leaf = { op: "leaf", leaf: 0 } as const;
  const inMemory: Expression = {
    shape: [1],
    leaves: [{ buffer, offset: 0, strides: [1] }],
    code: [leaf],
    results: [0],
  };
  const bytes: Expression = {
    ...inMemory,
    leaves: [{ ...inMemory.leaves[0]!, buffer: { ...buffer, dtype: "uint8" } }],
  };
  const single = (batch: number, side: number, cin: number, cout: number): ConvGeometry => ({
    ...geometryOf(batch, [side, side], cin, cout),
    ...{ filter: [1, 1], padding: [0, 0, 0, 0] },
  });
  for (const [geometry, prologue, perImage, columnBlock, columnBlocks] of [
    [single(1, 7, 160, 960), inMemory, 1, 64, 15],
    [single(1, 14, 96, 576), inMemory, 3, 96, 6],
    [single(1, 7, 160, 960), bytes, 7, 960, 1],
    [single(1, 112, 16, 96), inMemory, 16, 96, 1],
    [single(32, 7, 160, 960), inMemory, 1, 960, 1],
  ] as const) {
    assert.ok(isPointwise(geometry, undefined));
    const plan = planPointwise({ geometry, prologue });
    assert.deepEqual([plan.bands.perImage, plan.columnBlock, plan.columnBlocks], [perImage, columnBlock, columnBlocks]);
    assert.ok(plan.columnBlock * plan.columnBlocks >= geometry.outputChannels);
  }
  assert.ok(
    !isPointwise(single(1, 8, 4, 4), { size: [2, 2], output: [4, 4] }) &&
      !isPointwise(geometryOf(1, [8, 8], 4, 4), undefined),
  );
});

test("Winograd's blocks divide the tiles of an image and stay below their bound of bytes", () => {
  for (const [side, channels] of [
    [8, 16],
    [13, 32],
    [56, 64],
  ] as const) {
    const geometry = geometryOf(2, [side, side], channels, channels);
    for (const tiling of [
      { results: 2, cells: 3 },
      { results: 4, cells: 3 },
    ])
      for (const plan of [
        planWinograd({ geometry, pool: undefined, tiling }),
        planWinogradFilterGrad({ geometry, tiling, columns: channels, chunk: 1 }),
      ]) {
        assert.equal(plan.tilesDown, Math.ceil(side / tiling.results));
        assert.equal(plan.tilesDown % plan.blockRows, 0);
        const plane = plan.blockRows * plan.tilesAcross * channels * 4;
        assert.equal(plan.inputPlane, plane + 64, "planes are a cache line apart from a power of two");
        assert.ok(plan.tiles <= 16 || plan.blockRows === 1 || tilePoints(tiling) * 2 * plane <= 192 * 1024);
      }
  }
  const pooled = planWinograd({
    geometry: geometryOf(1, [14, 14], 16, 16),
    pool: { size: [4, 4], output: [3, 3] },
    tiling: { results: 2, cells: 3 },
  });
  assert.deepEqual([pooled.window, pooled.perWindow, pooled.results], [[2, 2], 1, [3, 3]]);
  assert.deepEqual([pooled.height, pooled.tilesDown % 2, pooled.blockRows % 2], [12, 0, 0]);
});

test("cells of a depthwise filter lie a channel's row apart", () => {
  const plan = planDepthwise({ ...geometryOf(1, [6, 5], 8, 8), spacing: [2, 1] });
  assert.deepEqual(plan.cells[4], { weights: 4 * 8 * 4, pixel: 2 * plan.down + plan.right });
});

test("groups of vectors cover a row, twelve at most", () => {
  for (const length of [1, 9, 48, 49, 96, 300]) {
    const groups = vectorGroups(length);
    assert.deepEqual(
      groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i)),
      Array.from({ length: Math.ceil(length / 4) }, (_, i) => i),
    );
    assert.ok(groups.every(({ count }) => count >= 1 && count <= 12));
  }
});

test("a reduction shares out its longest kept axis, or chunks of the first folded one", () => {
  const buffer: Buffer = { dtype: "float32", size: 9 * 400 * 50, role: "temporary" };
  const expression: Expression = {
    shape: [9, 400, 50],
    leaves: [{ buffer, offset: 0, strides: [20000, 50, 1] }],
    code: [{ op: "leaf", leaf: 0 }],
    results: [0],
  };
  const kept = planReduce({ expression, axes: [0, 2], chunks: 1 });
  assert.equal(kept.sliced?.extent, 400);
  assert.equal(kept.columns, undefined);
  assert.ok(kept.slices * kept.chunk >= 400 && kept.sliceResults === 1);
  const columns = planReduce({ expression, axes: [0, 1], chunks: 1 });
  assert.deepEqual([columns.columns?.extent, columns.folded.map(({ extent }) => extent)], [50, [3600]]);
  assert.equal(columns.chunk % 16, 0);
  const chunked = planReduce({ expression, axes: [0, 1], chunks: 16 });
  assert.deepEqual([chunked.slices, chunked.chunk, chunked.sliceResults], [16, 225, 50]);
  const all = planReduce({ expression, axes: [0, 1, 2], chunks: 1 });
  assert.deepEqual([all.slices, all.sliced, sizeOf(all.expression.shape)], [1, undefined, 180000]);
});

test("a convolution over pixels that lie apart takes only the cells that see one, by the remainder of the result", () => {
  // The gradient of a 3 x 3 convolution with steps of two from 9 x 8 to 5 x 4 pixels, in its images.
  const forward = { ...geometryOf(2, [9, 8], 3, 6), output: [5, 4], strides: [2, 2], padding: [1, 1, 0, 1] } as const;
  const plan = planSpread(adjoint(forward));
  const cells = (phases: typeof plan.rows): (readonly number[])[] =>
    phases.map(({ taps }) => taps.map(({ cell }) => cell));
  assert.deepEqual(cells(plan.rows), [[1], [0, 2]]);
  assert.deepEqual(cells(plan.columns), [[0, 2], [1]]);
  assert.deepEqual(
    [plan.rows, plan.columns].map((phases) => phases.map(({ count }) => count)),
    [
      [5, 4],
      [4, 4],
    ],
  );
  assert.deepEqual(
    [plan.images.dilation, plan.images.padding],
    [
      [1, 1],
      [0, 0, 1, 0],
    ],
  );
  // Every cell of the filter sees pixels in one remainder alone: each product of the forward pass has one here.
  const all = plan.rows.flatMap(({ taps }) => taps).map(({ cell }) => cell);
  assert.deepEqual(all.sort(), [0, 1, 2]);
});
