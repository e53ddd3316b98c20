// Collages of Fashion-MNIST for detection: `node dist/tools/fashion-collages.js OUT [--images FOLDER] [--count N] [--size HxW]
// [--seed N]` pastes garments of the IDX files in FOLDER (default: where Debian's dataset-fashion-mnist puts them) in several sizes
// onto grey grounds, N collages of the training images in OUT/train and a quarter as many of the test images in OUT/test, with the
// box of each in OUT/annotations.json (COCO).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { Random, STREAM } from "../src/core/random.js";
import { type GeneratedFile, writeWholeFolder } from "../src/data/generators/whole-folder.js";
import { encodePng } from "../src/data/index.js";
import { resizeImage } from "../src/data/resize.js";

const { values: wished, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: "string", default: "/usr/share/datasets/fashion-mnist" },
    count: { type: "string", default: "2400" },
    size: { type: "string", default: "128x128" },
    seed: { type: "string", default: "0" },
  },
});
const [out = "collages"] = positionals;
const [height, width] = wished.size.split("x").map(Number) as [number, number];

/** The classes, by their labels. */
const NAMES = "t-shirt,trouser,pullover,dress,coat,sandal,shirt,sneaker,bag,ankle boot".split(",");
/** Side of a garment's picture in the files, and the bytes before pictures and labels. */
const [SIDE, IMAGES_START, LABELS_START] = [28, 16, 8];
/** Garments of a collage, and their sizes, as factors. */
const [FEWEST, MOST, SMALLEST, LARGEST] = [3, 7, 0.9, 1.5];
/** Values above this are the garment. */
const CLOTH = 24;
/** Tries of a place for a garment that overlaps no other. */
const TRIES = 30;

interface Box {
  readonly label: number;
  readonly edges: readonly [left: number, top: number, right: number, bottom: number];
}

/** Pictures and labels of one pair of files. */
function garments(name: string): { readonly pixels: Uint8Array; readonly labels: Uint8Array } {
  const read = (file: string): Uint8Array => gunzipSync(readFileSync(join(wished.images, file)));
  return {
    pixels: read(`${name}-images-idx3-ubyte.gz`).subarray(IMAGES_START),
    labels: read(`${name}-labels-idx1-ubyte.gz`).subarray(LABELS_START),
  };
}

const overlaps = (a: Box["edges"], b: Box["edges"]): boolean =>
  Math.min(a[2], b[2]) > Math.max(a[0], b[0]) && Math.min(a[3], b[3]) > Math.max(a[1], b[1]);

/** The edges of a picture's cloth; undefined where there is none. */
function clothOf(data: Uint8Array, side: number): Box["edges"] | undefined {
  let [left, top, right, bottom] = [side, side, 0, 0];
  for (const [at, value] of data.entries()) {
    if (value <= CLOTH) continue;
    const [row, column] = [Math.floor(at / side), at % side];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
  }
  return right === 0 ? undefined : [left, top, right, bottom];
}

function collage({ pixels, labels }: ReturnType<typeof garments>, random: Random) {
  const ground = random.integer(20);
  const canvas = Uint8Array.from({ length: height * width }, () => ground + random.integer(12));
  const boxes: Box[] = [];
  const count = FEWEST + random.integer(MOST - FEWEST + 1);
  for (let i = 0; i < count; i++) {
    const which = random.integer(labels.length);
    const side = Math.round(SIDE * (SMALLEST + (LARGEST - SMALLEST) * random.uniform()));
    const picture = pixels.subarray(which * SIDE * SIDE, (which + 1) * SIDE * SIDE);
    const { data } = resizeImage({ width: SIDE, height: SIDE, channels: 1, data: picture }, side, side, "bilinear");
    const cloth = clothOf(data as Uint8Array, side);
    if (cloth === undefined) continue;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const [x, y] = [random.integer(width - side + 1), random.integer(height - side + 1)];
      const edges = [x + cloth[0], y + cloth[1], x + cloth[2], y + cloth[3]] as const;
      if (boxes.some((other) => overlaps(other.edges, edges))) continue;
      for (const [at, value] of data.entries()) {
        const to = (y + Math.floor(at / side)) * width + x + (at % side);
        canvas[to] = Math.max(canvas[to]!, value);
      }
      boxes.push({ label: labels[which]!, edges });
      break;
    }
  }
  return { canvas, boxes };
}

function* files(): Generator<GeneratedFile, void, undefined> {
  const images: object[] = [];
  const annotations: object[] = [];
  const count = Number(wished.count);
  for (const [part, source, pages] of [
    ["train", "train", count],
    ["test", "t10k", Math.round(count / 4)],
  ] as const) {
    const known = garments(source);
    for (let page = 1; page <= pages; page++) {
      const id = images.length + 1;
      const { canvas, boxes } = collage(known, new Random(Number(wished.seed), STREAM.generate, id));
      const path = `${part}/${String(page).padStart(5, "0")}.png`;
      images.push({ id, file_name: path, width, height });
      for (const { label, edges } of boxes) {
        const [wide, high] = [edges[2] - edges[0], edges[3] - edges[1]];
        const bbox = [edges[0], edges[1], wide, high];
        annotations.push({
          id: annotations.length + 1,
          image_id: id,
          category_id: label + 1,
          bbox,
          area: wide * high,
          iscrowd: 0,
        });
      }
      yield { path, content: encodePng({ dtype: "uint8", shape: [height, width, 1], data: canvas }) };
    }
  }
  const categories = NAMES.map((name, i) => ({ id: i + 1, name }));
  yield {
    path: "annotations.json",
    content: new TextEncoder().encode(JSON.stringify({ images, categories, annotations })),
  };
}

await writeWholeFolder(out, files());
