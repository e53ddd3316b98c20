// The boxes of a detector by center points as ONNX operators behind its maps: cells that no neighbour beats, non-maximum suppression
// by class, the surest hundred. The same rules as experiment/tasks/found-boxes.ts, so that whoever runs the file gets the answers
// of `predict`.
import { BOX_MAPS, CENTER_BOXES } from "../../../nn/losses/index.js";
import type { OnnxBuilder, Stored } from "./builder.js";
import type { OnnxValue } from "./proto.js";

/** Names of the outputs that follow from the maps; absent boxes have the label -1 and zeros. */
export const DECODED = ["boxes", "scores", "labels"] as const;
/** A score that no probability has. */
const NONE = -1;

/** Maps of a detector and the images that they are of. */
interface Maps {
  /** Maps with channels first, `[batch, classes + 4, rows, columns]`. */
  readonly maps: Stored;
  /** Height and width of the images in pixels. */
  readonly imageSize: readonly [height: number, width: number];
}

/**
 * Adds the operators that find boxes.
 * @returns outputs `boxes` `[batch, 100, 4]` (left, top, right and bottom in pixels of the model's input), `scores` `[batch, 100]` and
 *   `labels` `[batch, 100]`, the surest first; fewer than a hundred where the maps have fewer cells
 */
export function addFoundBoxes(builder: OnnxBuilder, { maps, imageSize }: Maps): OnnxValue[] {
  const [, rows, columns, channels] = maps.shape as [number, number, number, number];
  const [classes, cells] = [channels - BOX_MAPS, rows * columns];
  const number = (value: number): string => builder.floats({ shape: [], data: Float64Array.of(value) });
  const channelsOf = (from: number, to: number): string =>
    builder.node("Slice", [maps.name, ...[[from], [to], [1]].map((list) => builder.ints(list, "part"))]);
  const scores = channelsOf(0, classes);
  const peaks = builder.node("Where", [arePeaks(builder, scores, rows, columns), scores, number(NONE)]);
  const byClass = builder.node("Reshape", [peaks, builder.ints([-1, classes, cells])]);
  const boxes = corners(builder, (map) => channelsOf(classes + map, classes + map + 1), { rows, columns, imageSize });
  const limits = [number(CENTER_BOXES.sameObject), number(CENTER_BOXES.leastScore)];
  const most = builder.ints([CENTER_BOXES.most], "most");
  const kept = builder.node("NonMaxSuppression", [boxes, byClass, most, ...limits]);
  const nothing = builder.node("ConstantOfShape", [builder.node("Shape", [byClass])], {
    value: { kind: "float", shape: [1], data: Float32Array.of(NONE) },
  });
  const distinct = builder.node("ScatterND", [nothing, kept, builder.node("GatherND", [byClass, kept])]);
  // Cells before classes: of equal scores the upper left cell comes first, then the first class.
  const byCell = builder.node("Transpose", [distinct], { perm: [0, 2, 1] });
  const flat = builder.node("Reshape", [byCell, builder.ints([-1, cells * classes])]);
  const count = Math.min(CENTER_BOXES.most, cells * classes);
  const [sure, places] = builder.several("TopK", [flat, builder.ints([count], "count")], 2) as [string, string];
  return surest(builder, { boxes, sure, places, classes, count });
}

/** Cells that are sure enough, that no neighbour beats and that none before them equals. */
function arePeaks(builder: OnnxBuilder, scores: string, rows: number, columns: number): string {
  const largest = builder.node("MaxPool", [scores], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1] });
  const fill = builder.floats({ shape: [], data: Float64Array.of(NONE) });
  const around = builder.node("Pad", [scores, builder.ints([0, 0, 1, 1, 0, 0, 1, 1], "pads"), fill]);
  const shifted = (
    [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
    ] as const
  ).map(([row, column]) =>
    builder.node("Slice", [
      around,
      ...[
        [row, column],
        [row + rows, column + columns],
        [2, 3],
      ].map((list) => builder.ints(list, "before")),
    ]),
  );
  // The 32-bit float nearest to the least score lies below it, so that "greater" means "at least" as it does in 64 bits.
  const least = builder.floats({ shape: [], data: Float64Array.of(CENTER_BOXES.leastScore) });
  const isFirst = builder.node("And", [
    builder.node("Greater", [scores, builder.node("Max", shifted)]),
    builder.node("Greater", [scores, least]),
  ]);
  return builder.node("And", [builder.node("Equal", [scores, largest]), isFirst]);
}

/** Left, top, right and bottom of every cell's box in pixels, `[batch, cells, 4]`, cut at the edges of the image. */
function corners(
  builder: OnnxBuilder,
  mapOf: (map: number) => string,
  {
    rows,
    columns,
    imageSize: [height, width],
  }: Pick<Maps, "imageSize"> & { readonly rows: number; readonly columns: number },
): string {
  const list = (shape: readonly number[], data: readonly number[]): string =>
    builder.floats({ shape, data: Float64Array.from(data) });
  const axis = (map: number, extent: number, shape: readonly number[], side: number): [string, string] => {
    const step = side / extent;
    const grid = list(
      shape,
      Array.from({ length: extent }, (_, at) => at),
    );
    const center = builder.node("Mul", [builder.node("Add", [mapOf(map), grid]), list([], [step])]);
    const half = builder.node("Mul", [mapOf(map + 2), list([], [step / 2])]);
    const cut = (op: string): string =>
      builder.node("Clip", [builder.node(op, [center, half]), list([], [0]), list([], [side])]);
    return [cut("Sub"), cut("Add")];
  };
  const [left, right] = axis(0, columns, [1, 1, 1, columns], width);
  const [top, bottom] = axis(1, rows, [1, 1, rows, 1], height);
  const together = builder.node("Concat", [left, top, right, bottom], { axis: 1 });
  const flat = builder.node("Reshape", [together, builder.ints([-1, 4, rows * columns])]);
  return builder.node("Transpose", [flat], { perm: [0, 2, 1] });
}

/** The outputs of the surest cells and classes, with zeros and -1 where there are fewer. */
function surest(
  builder: OnnxBuilder,
  {
    boxes,
    sure,
    places,
    classes,
    count,
  }: {
    readonly boxes: string;
    readonly sure: string;
    readonly places: string;
    readonly classes: number;
    readonly count: number;
  },
): OnnxValue[] {
  const zero = builder.floats({ shape: [], data: Float64Array.of(0) });
  const many = builder.ints([classes], "classes");
  const isAbsent = builder.node("Less", [sure, zero]);
  const axis = builder.ints([2], "axis");
  const absent = builder.node("Unsqueeze", [isAbsent, axis]);
  const cell = builder.node("Unsqueeze", [builder.node("Div", [places, many]), axis]);
  const four = builder.node("Expand", [cell, builder.ints([1, 1, 4])]);
  const found = builder.node("GatherElements", [boxes, four], { axis: 1 });
  const results = [
    builder.node("Where", [absent, zero, found]),
    builder.node("Max", [sure, zero]),
    builder.node("Where", [isAbsent, builder.ints([-1], "none"), builder.node("Mod", [places, many])]),
  ];
  return DECODED.map((wanted, index): OnnxValue => {
    const name = builder.fresh(wanted);
    builder.nodes.push({ op: "Identity", inputs: [results[index]!], outputs: [name], attributes: {} });
    const shape = wanted === "boxes" ? ["batch", count, 4] : ["batch", count];
    return { name, shape, ...(wanted === "labels" && { element: "int64" }) };
  });
}
