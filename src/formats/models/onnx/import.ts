// ONNX files as models of layers: the operators that classifiers of images use. Images come in as [batch, height, width,
// channels], as everywhere in Fovea, whatever the file says.
import { defined } from "../../../core/defined.js";
import { FoveaError } from "../../../core/errors.js";
import { showShape, sizeOf } from "../../../core/shape.js";
import { input } from "../../../nn/layers/index.js";
import { parseJson } from "../../json.js";
import { checkFacts, type FoveaFacts } from "../fovea-facts.js";
import { type ImageSize, type LoadedModel, type LoadOptions, naming, type Siblings } from "../loaded.js";
import { externalBytes, fetchExternal } from "./external.js";
import type { Flowing } from "./graph-reader.js";
import { IMAGE_LAYOUT, plainLayout } from "./layout.js";
import { lifted, withContents } from "./lift.js";
import type { OnnxModel, OnnxValue } from "./proto.js";
import { readOnnx } from "./read-proto.js";

/** The most numbers that one sample may have; a file that claims more is damaged or malicious. */
export const MOST_INPUT = 2 ** 28;

export interface LoadOnnxOptions extends LoadOptions {
  /** Gives the files beside the model, where its weights may be. Default: there are none. */
  readonly siblings?: Siblings;
  /** Takes models whose last operators no layer computes, as exported detectors have them, with these as `tail`. Default false. */
  readonly tails?: boolean;
}

/** The messages of a file with the weights that lie beside it, and how many bytes both have. */
async function opened(bytes: Uint8Array, file: string, siblings: Siblings): Promise<{ onnx: OnnxModel; size: number }> {
  const locations = new Set<string>();
  const first = readOnnx(bytes, file, (_, { location }) => {
    locations.add(location);
    return undefined;
  });
  if (locations.size === 0) return { onnx: first, size: bytes.length };
  const files = await fetchExternal(file, locations, siblings);
  const onnx = readOnnx(bytes, file, (where, data) => externalBytes(where, data, files));
  return { onnx, size: bytes.length + [...files.values()].reduce((sum, content) => sum + content.length, 0) };
}

/**
 * Opens an ONNX file.
 * @throws FoveaError when it is damaged, has an operator that Fovea does not read, lacks the file with its weights, or has
 *   an input without a fixed size.
 */
export async function loadOnnx(bytes: Uint8Array, options: LoadOnnxOptions = {}): Promise<LoadedModel> {
  const {
    file = "the model",
    compile: _,
    imageSize,
    tails = false,
    siblings = async () => undefined,
    ...modelOptions
  } = options;
  const { onnx: whole, size } = await opened(bytes, file, siblings);
  const graph = withoutDecoded(whole);
  const stored = tails ? withBatch(graph) : graph;
  const found = naming(file, "", () =>
    lifted({ file, onnx: stored, size, tails, inputFor: (value) => inputFor(value, imageSize) }, modelOptions),
  );
  return {
    model: await withContents(found),
    facts: factsOf(file, stored.metadata),
    warnings: [...found.reader.warnings].map((text) => `${file}: ${text}`),
    notes: stored.metadata,
    ...defined({ tail: found.tail }),
  };
}

/** The file without outputs that repeat in another form what others say, as the metadata of Fovea's own files name them. */
function withoutDecoded(onnx: OnnxModel): OnnxModel {
  const decoded = onnx.metadata.get("decoded");
  if (decoded === undefined || !onnx.metadata.has("fovea")) return onnx;
  const names = parseJson("metadata decoded", decoded);
  const outputs = onnx.outputs.filter(({ name }) => !Array.isArray(names) || !names.includes(name));
  return outputs.length === 0 ? onnx : { ...onnx, outputs };
}

/** The least side of images that a file takes without an axis of the batch. */
const LEAST_SIDE = 32;

/** The file with a batch of one image where it takes [3, height, width], as torchvision's detectors do. */
function withBatch(onnx: OnnxModel): OnnxModel {
  const [only, ...others] = onnx.inputs;
  const [channels, height, width, ...more] = only?.shape ?? [];
  const isSide = (extent: number | string | undefined): boolean => typeof extent === "number" && extent >= LEAST_SIDE;
  if (only === undefined || others.length > 0 || more.length > 0 || channels !== 3) return onnx;
  if (!isSide(height) || !isSide(width)) return onnx;
  const [name, axes] = [`${only.name}, a batch of one`, `${only.name}, the axis of the batch`];
  const list = onnx.opset < 13;
  const node = { op: "Squeeze", inputs: list ? [name] : [name, axes], outputs: [only.name] };
  const initializers = new Map(onnx.initializers);
  if (!list) initializers.set(axes, { kind: "int", shape: [1], data: Float64Array.of(0) });
  return {
    ...onnx,
    initializers,
    inputs: [{ name, shape: [1, ...only.shape] }],
    nodes: [{ ...node, attributes: list ? { axes: [0] } : {} }, ...onnx.nodes],
  };
}

/** Checks whether three extents are of images with channels last, as TensorFlow's exporters write them. */
const endsInChannels = ([first, , last]: readonly number[]): boolean => [1, 3, 4].includes(last!) && first! > 4;

/** Images whose height and width are open with the size that was asked for; other shapes stay as they are. */
function withSize(shape: OnnxValue["shape"], size: ImageSize | undefined): OnnxValue["shape"] {
  const isOpen = (extent: number | string | undefined): boolean => typeof extent === "string" || extent === 0;
  const [batch, a, b, c] = shape;
  if (shape.length !== 4 || size === undefined) return shape;
  const [height, width] = size;
  if (isOpen(b) && isOpen(c) && typeof a === "number") return [batch!, a, height, width];
  return isOpen(a) && isOpen(b) && typeof c === "number" ? [batch!, height, width, c] : shape;
}

/** [n, c, h, w] as images [h, w, c]; other samples as they are. */
function inputFor({ name, shape: stored }: OnnxValue, imageSize: ImageSize | undefined): Flowing {
  const shape = withSize(stored, imageSize);
  const sample = shape.slice(1);
  const fixed = sample.filter((extent): extent is number => typeof extent === "number" && extent > 0);
  if (shape.length < 2 || fixed.length < sample.length)
    throw new FoveaError(
      "unsupported-feature",
      `input "${name}" is [${shape.map((extent) => (extent === "" ? "?" : extent)).join(", ")}]; expected samples of a ` +
        "fixed size; give the height and width of images, as in --image-size 224x224 (imageSize: [224, 224] in code), or " +
        "export it with a fixed size",
    );
  if (sizeOf(fixed) > MOST_INPUT)
    throw new FoveaError("too-large", `input "${name}" has samples ${showShape(fixed)}, which are too large`);
  const isTurned = fixed.length === 3 && !endsInChannels(fixed);
  const [c, h, w] = fixed as [number, number, number];
  const layer = input(isTurned ? [h, w, c] : fixed, /^[^/\0]+$/.test(name) ? { name } : {});
  return { kind: "flowing", tensor: layer.output, layout: isTurned ? IMAGE_LAYOUT : plainLayout(fixed.length) };
}

function factsOf(file: string, metadata: ReadonlyMap<string, string>): FoveaFacts | undefined {
  const embedded = metadata.get("fovea");
  if (embedded !== undefined)
    return checkFacts(`${file}, metadata fovea`, parseJson(`${file}, metadata fovea`, embedded));
  const names = metadata.get("class_names");
  if (names === undefined) return undefined;
  const classNames = parseJson(`${file}, metadata class_names`, names);
  return checkFacts(`${file}, metadata class_names`, { version: 1, classNames });
}
