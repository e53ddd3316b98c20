// Opens every ONNX file that tools/export-torchvision.py made and compares predictions with what ONNX Runtime computed:
// `node dist/tools/compare-torchvision.js FOLDER [PATTERN]`. Prints a table of the largest differences, absolute and
// relative to the largest output; exit code 1 when a relative one is above 1e-4 or a file does not open.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readNpy } from "../src/formats/index.js";
import { loadModel, tensor } from "../src/index.js";

const MOST = 1e-4;

interface Row {
  readonly name: string;
  readonly absolute: number;
  readonly relative: number;
  readonly layers: number;
  readonly seconds: readonly [open: number, predict: number];
}

const array = (path: string) => readNpy(readFileSync(path), path);

async function compare(folder: string, name: string): Promise<Row> {
  const path = join(folder, name, "model.onnx");
  const siblings = async (sibling: string): Promise<Uint8Array | undefined> => {
    const beside = join(folder, name, sibling);
    return existsSync(beside) ? readFileSync(beside) : undefined;
  };
  const start = performance.now();
  const { model } = await loadModel(readFileSync(path), { file: name, siblings });
  const opened = performance.now();
  const [x, y] = [array(join(folder, name, "x.npy")), array(join(folder, name, "y.npy"))];
  const ours = await model.predict(tensor(x.data as Float32Array, x.shape, "float32"));
  const seconds = [(opened - start) / 1000, (performance.now() - opened) / 1000] as const;
  await model.close();
  let [absolute, largest] = [ours.data.length === y.data.length ? 0 : Number.POSITIVE_INFINITY, 0];
  for (const [i, value] of y.data.entries()) {
    const off = Math.abs(value - ours.data[i]!);
    absolute = off > absolute || Number.isNaN(off) ? off : absolute;
    largest = Math.max(largest, Math.abs(value));
  }
  return { name, absolute, relative: absolute / largest, layers: model.layers.length, seconds };
}

const [, , folder, pattern = "."] = process.argv;
if (folder === undefined) throw new Error("usage: node dist/tools/compare-torchvision.js FOLDER [PATTERN]");
const names = readdirSync(folder)
  .filter((name) => new RegExp(pattern).test(name))
  .sort();
console.log(
  `| export | largest difference | relative | layers | seconds to open | to predict |\n|---|---|---|---|---|---|`,
);
for (const name of names) {
  if (!existsSync(join(folder, name, "y.npy"))) {
    console.log(`| ${name} | the exporter does not write it | | | | |`);
    continue;
  }
  try {
    const { absolute, relative, layers, seconds } = await compare(folder, name);
    if (!(relative <= MOST)) process.exitCode = 1;
    const numbers = [
      absolute.toExponential(1),
      relative.toExponential(1),
      layers,
      ...seconds.map((value) => value.toFixed(1)),
    ];
    console.log(`| ${name} | ${numbers.join(" | ")} |${relative <= MOST ? "" : " <- off"}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`| ${name} | ${(error as Error).message} | | | | | <- refused`);
  }
}
