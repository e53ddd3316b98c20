// Times convolutions with their gradients by plain loops and by each of Winograd's tiles, and compares the choice of the
// compiler with the fastest: `node dist/tools/measure-tiles.js [RUNS=12]`, on a machine without other work. A line has
// the filter's side, the image's, channels, batch, milliseconds (the least of the runs, in turn) and what the choice loses.
import type { Executable } from "../src/backends/contract.js";
import { CPU_TARGET } from "../src/backends/wasm/cpu-target.js";
import { createWasmBackend } from "../src/backends/wasm/session.js";
import type { ConvGeometry, Tiling } from "../src/compile/kernels.js";
import type { Target } from "../src/compile/target.js";
import { gradients } from "../src/core/autodiff.js";
import { conv2d, mul, sum } from "../src/core/functions/index.js";
import { input } from "../src/core/graph/node.js";
import type { Tensor } from "../src/core/tensor.js";
import { tensorsFor } from "../src/testing/backend/tensors.js";

const runs = Number(process.argv[2] ?? 12);

/** Sides of images, channels and batches. */
const SHAPES: readonly (readonly [side: number, cin: number, cout: number, batch: number])[] = [
  ...[4, 5, 6, 7, 8, 10, 12, 14, 20, 28].flatMap((side) =>
    (
      [
        [4, 8],
        [8, 16],
        [16, 16],
        [32, 32],
        [64, 64],
        [128, 128],
      ] as const
    ).map(([cin, cout]) => {
      const batch = Math.max(2, Math.min(64, Math.round(3e6 / (side * side * cin * cout))));
      return [side, cin, cout, batch] as const;
    }),
  ),
  ...([
    [4, 64, 64, 128],
    [7, 128, 128, 32],
    [8, 64, 64, 128],
    [13, 128, 128, 16],
    [14, 64, 64, 32],
    [16, 32, 32, 64],
  ] as const),
  ...([
    [24, 64, 192, 8],
    [28, 16, 16, 64],
    [32, 16, 16, 64],
    [48, 32, 96, 4],
    [96, 16, 48, 4],
  ] as const),
];

/** Ways of computing, by the side of the filter. */
const WAYS: Readonly<Record<number, Readonly<Record<string, Tiling | undefined>>>> = {
  3: { plain: undefined, "four points": { results: 2, cells: 3 }, "six points": { results: 4, cells: 3 } },
  5: { plain: undefined, "six points": { results: 2, cells: 5 } },
};

const chosen = CPU_TARGET.winograd!;
const session = await createWasmBackend().open();

/** A convolution and its gradients, computed by these tiles. */
async function program([side, cin, cout, batch]: (typeof SHAPES)[number], cells: number, tiling: Tiling | undefined) {
  const target: { -readonly [K in keyof Target]: Target[K] } = CPU_TARGET;
  const x = input("x", [batch, side, side, cin]);
  const filter = input("filter", [cells, cells, cin, cout]);
  const y = conv2d(x, filter, { padding: "same" });
  const results = [y, ...gradients(sum(mul(y, y)), [x, filter])].map((value) => sum(value));
  target.winograd = () => tiling;
  try {
    const executable = await session.compile({ inputs: [x, filter], outputs: results, updates: [], numerics: 2 });
    return { executable, tensors: tensorsFor([x, filter], []) };
  } finally {
    target.winograd = chosen;
  }
}

const losses: number[] = [];
for (const [cells, ways] of Object.entries(WAYS).map(([side, found]) => [Number(side), found] as const))
  for (const shape of SHAPES) {
    const [side, inputChannels, outputChannels, batch] = shape;
    const least: Record<string, number> = {};
    const programs: { readonly name: string; readonly executable: Executable; readonly tensors: Tensor[] }[] = [];
    // One after the other: the compiler's choice is replaced meanwhile.
    for (const [name, tiling] of Object.entries(ways))
      programs.push({ name, ...(await program(shape, cells, tiling)) });
    for (let run = 0; run < runs; run++)
      for (const { name, executable, tensors } of programs) {
        const began = performance.now();
        await executable.run(tensors);
        least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, performance.now() - began);
      }
    for (const { executable } of programs) await executable.close();
    const geometry: ConvGeometry = {
      ...{ batch, inputChannels, outputChannels, input: [side, side], output: [side, side], filter: [cells, cells] },
      ...{ strides: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], spacing: [1, 1] },
    };
    const tiling = chosen(geometry, undefined, 2);
    const choice = Object.keys(ways).find((name) => ways[name]?.results === tiling?.results)!;
    const loss = least[choice]! / Math.min(...Object.values(least)) - 1;
    losses.push(loss);
    const times = Object.entries(least).map(([name, ms]) => `${name} ${ms.toFixed(2)}`);
    const lost = loss === 0 ? "" : `, ${(100 * loss).toFixed(0)} % lost`;
    console.log(
      `${cells} x ${cells}: ${batch} x ${side}x${side}, ${inputChannels} > ${outputChannels}: ${times.join(", ")}; ${choice}${lost}`,
    );
  }
await session.close();
const mean = losses.reduce((total, loss) => total + loss, 0) / losses.length;
console.log(`${losses.length} shapes: the choice loses ${(100 * mean).toFixed(1)} % in the mean`);
