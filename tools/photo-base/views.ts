// Views of photos for distillation: `node dist/tools/photo-base/views.js PHOTOS WEIGHTS OUT [VIEWS]`. Each photo is
// cut VIEWS times at random (a share of 0.25 to 1 of its area, proportions 3:4 to 4:3, mirrored every second time); every
// fourth view is mixed with one of the photo before (Zhang et al., "mixup", 2018), since the teacher can be asked about
// any pixels. The teacher, MobileNetV2 of ImageNet, sees a view at 224 pixels, the student the same at 160. OUT gets
// views.u8 (pixels) and teacher.f32 (the teacher's 1,280 pooled features of each view).
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../src/core/random.js";
import { decodeImage } from "../../src/data/index.js";
import type { Pixels } from "../../src/data/pixels.js";
import { resizeImage } from "../../src/data/resize.js";
import { loadWeights, mobileNetV2, tensor } from "../../src/index.js";
import { FEATURES, STUDENT_SIDE, TEACHER_SIDE } from "./sizes.js";

const [photos, weights, out, count = "8"] = process.argv.slice(2);
if (photos === undefined || weights === undefined || out === undefined)
  throw new Error("give the folder of photos, the teacher's weights and the folder to write");
const views = Number(count);
/** Purpose of the draws, beside those of the library. */
const STREAM = 900;

/** A random part of a photo, mirrored or not. */
function viewOf(image: Pixels, random: Random): Pixels {
  const area = image.width * image.height * random.between(0.25, 1);
  const proportions = Math.exp(random.between(Math.log(3 / 4), Math.log(4 / 3)));
  const width = Math.min(image.width, Math.max(16, Math.round(Math.sqrt(area * proportions))));
  const height = Math.min(image.height, Math.max(16, Math.round(Math.sqrt(area / proportions))));
  const left = random.integer(image.width - width + 1);
  const top = random.integer(image.height - height + 1);
  const mirrored = random.integer(2) === 1;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, next = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = left + (mirrored ? width - 1 - x : x);
      const from = ((top + y) * image.width + column) * image.channels;
      for (let channel = 0; channel < 3; channel++)
        data[next++] = image.data[from + (image.channels < 3 ? 0 : channel)]!;
    }
  return { width, height, channels: 3, data };
}

/** A view as the teacher and as the student see it. */
interface View {
  readonly large: Pixels;
  readonly small: Pixels;
}

/** Two images of one size, laid over one another. */
function mixed(a: Pixels, b: Pixels, share: number): Pixels {
  return { ...a, data: a.data.map((value, i) => Math.round(share * value + (1 - share) * b.data[i]!)) };
}

const teacher = mobileNetV2({ includeTop: false, pooling: "avg" });
await loadWeights(teacher, new Uint8Array(readFileSync(weights)), { byName: true, file: weights });

/** The teacher's features of some views, scaled as it was trained. */
async function featuresOf(batch: readonly Pixels[]): Promise<Float32Array> {
  const data = new Float32Array(batch.length * TEACHER_SIDE * TEACHER_SIDE * 3);
  for (const [index, { data: pixels }] of batch.entries())
    for (let i = 0; i < pixels.length; i++) data[index * pixels.length + i] = pixels[i]! / 127.5 - 1;
  const x = tensor(data, [batch.length, TEACHER_SIDE, TEACHER_SIDE, 3], "float32");
  return (await teacher.predict(x)).data;
}

mkdirSync(out, { recursive: true });
const files = readdirSync(photos).sort();
const pixels = await open(join(out, "views.u8"), "w");
const targets = await open(join(out, "teacher.f32"), "w");
let rows = 0;
let before: View | undefined;
for (const [number, name] of files.entries()) {
  const image = await decodeImage(new Uint8Array(readFileSync(join(photos, name))), name);
  const random = new Random(1, STREAM, number);
  const sight: View[] = [];
  for (let index = 0; index < views; index++) {
    const part = viewOf(image, random);
    const large = resizeImage(part, TEACHER_SIDE, TEACHER_SIDE, "bicubic");
    const small = resizeImage(part, STUDENT_SIDE, STUDENT_SIDE, "bicubic");
    if (index % 4 !== 3 || before === undefined) sight.push({ large, small });
    else {
      const share = random.between(0.3, 0.7);
      sight.push({ large: mixed(large, before.large, share), small: mixed(small, before.small, share) });
    }
  }
  before = sight[0];
  const features = await featuresOf(sight.map(({ large }) => large));
  for (const { small } of sight) await pixels.write(small.data);
  await targets.write(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
  rows += sight.length;
  if (number % 100 === 99) console.log(`${number + 1} of ${files.length} photos`);
}
await Promise.all([pixels.close(), targets.close()]);
writeFileSync(join(out, "views.json"), JSON.stringify({ photos: files.length, views, rows, features: FEATURES }));
