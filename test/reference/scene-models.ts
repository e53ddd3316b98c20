// Models and weights of other programs for the examples in doc comments: a model of a table, one of masks, a Keras 2 file, an npm
// package with a model, a detector, and a server on this machine with a published file of weights.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { saveModel, saveTfjs, sequential } from "fovea";
import { conv2d, dense, input } from "fovea/layers";
import { imageNetApplication } from "../../src/applications/imagenet/index.js";
import { weightFileFor } from "../../src/experiment/index.js";
import { hdf5Tree, writeHdf5 } from "../../src/formats/index.js";
import { saveCompact } from "../../src/formats/models/compact.js";

const FIXTURES = fileURLToPath(new URL("../../../test/formats/fixtures/", import.meta.url));
const DETECTORS = fileURLToPath(new URL("../../../test/experiment/fixtures/detectors/", import.meta.url));
const SIDE = 12;
/** The smallest file of weights that Keras publishes. */
const PUBLISHED = weightFileFor("mobilenet", { alpha: 0.25, size: 128, includeTop: false });

/** Writes `claims.keras`, `dents.keras`, `keras_model.h5`, `compact.zip`, `yolo11n.onnx`, `downloads/weights.h5` and a package with a model. */
export async function writeModels(): Promise<void> {
  await copyFile(join(FIXTURES, "legacy.h5"), "keras_model.h5");
  await writeTableModel();
  await writeMaskModel();
  await writePackage();
  await writeDetector();
  await mkdir("downloads");
  await writeFile("downloads/weights.h5", await publishedWeights());
}

/** A detector as Ultralytics exports it, and the folder `street` with a photo and a box. */
async function writeDetector(): Promise<void> {
  await copyFile(join(DETECTORS, "yolo-v8.onnx"), "yolo11n.onnx");
  await mkdir("street");
  await copyFile(join(DETECTORS, "photo.png"), join("street", "photo.png"));
  await writeFile(join("street", "boxes.csv"), "file,label,xmin,ymin,xmax,ymax\nphoto.png,cat,4,6,20,24\n");
}

/** Serves the published file of weights; `mirror` is its address. */
export async function serveWeights(): Promise<{ readonly mirror: string; readonly server: Server }> {
  const bytes = await readFile("downloads/weights.h5");
  const server = createServer(({ url }, response) =>
    response.writeHead(url === `/${PUBLISHED.file}` ? 200 : 404).end(bytes),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A model of claims by age and area, as it is before training: for rows of `claims.csv`. */
async function writeTableModel(): Promise<void> {
  const columns = [
    { type: "number", name: "age", mean: 39.5, scale: 11.5 },
    { type: "category", name: "area", categories: ["country", "town"], missing: false },
  ] as const;
  const table = { target: "claims", columns, missing: "error" } as const;
  const model = sequential([input([3]), dense(1, { activation: "exponential" })], { threads: 1, seed: 1 });
  await saveModel(model, "claims.keras", { facts: { version: 1, table } });
}

/** A model that gives each pixel a class, for the images of the scene; the same in compact form. */
async function writeMaskModel(): Promise<void> {
  const task = { kind: "segmentation", classNames: ["background", "dent"] } as const;
  const preprocessing = { imageSize: [SIDE, SIDE], color: "grayscale", interpolation: "bilinear" } as const;
  const facts = { version: 1, task, preprocessing } as const;
  const model = sequential([input([SIDE, SIDE, 1]), conv2d(2, 3, { padding: "same" })], { threads: 1, seed: 1 });
  await saveModel(model, "dents.keras", { facts });
  await writeFile("compact.zip", await saveCompact({ model, facts }));
}

async function writePackage(): Promise<void> {
  const folder = "node_modules/flower-models";
  await mkdir(`${folder}/flowers`, { recursive: true });
  await writeFile(
    `${folder}/package.json`,
    JSON.stringify({ name: "flower-models", version: "1.0.0", license: "MIT" }),
  );
  const model = sequential([input([3]), dense(2)], { threads: 1, seed: 1 });
  for (const [name, bytes] of await saveTfjs(model)) await writeFile(`${folder}/flowers/${name}`, bytes);
}

/** A file as Keras writes weights: a group for each layer, names in attributes. */
async function publishedWeights(): Promise<Uint8Array> {
  const { layers } = imageNetApplication(PUBLISHED.model).build(PUBLISHED.options);
  const datasets = layers.flatMap((layer) =>
    layer.weights.map((weight) => [`${layer.name}/${weight.path}:0`, weight.contents] as const),
  );
  const names = layers.map((layer) => [layer.name, { weight_names: layer.weights.map(({ path }) => `${path}:0`) }]);
  const attributes = { "": { layer_names: layers.map(({ name }) => name) }, ...Object.fromEntries(names) };
  return writeHdf5(hdf5Tree(Object.fromEntries(datasets), attributes));
}
