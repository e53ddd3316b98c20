// One of the user's images as an augmentation varies it: the strip beside the setting.
import { callLayer, FoveaError, type Runtime, sequential, tensor } from "fovea";
import { encodePng, loadImage } from "fovea/data";
import { augmented } from "fovea/experiment";
import { flatten, input } from "fovea/layers";
import type { TrainSettings } from "../contract/training-calls.js";
import { lookFor } from "./plan.js";
import type { Project } from "./project.js";

/** Variants beside the image as it is. */
const VARIANTS = 5;
/** Pixels of their longer side: the strip is small. */
const LONGEST = 96;

/** The image as it is first, then its variants; each a PNG in an address. @throws FoveaError for an image that cannot be read */
export async function variantsOf(
  project: Project,
  index: number,
  settings: TrainSettings,
  runtime: Runtime,
): Promise<string[]> {
  if (index >= project.facts.images)
    throw new FoveaError("unknown-entry", `${project.name} has no image ${index}; choose another`);
  const { imageSize, color } = await lookFor(project, settings);
  const [height, width] = shrunk(imageSize);
  const { data, shape } = await loadImage(await project.bytes(index), { height, width, color });
  const channels = shape[2]!;
  const png = (pixels: Uint8Array): string => {
    const bytes = encodePng({ dtype: "uint8", shape: [height, width, channels], data: pixels });
    return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
  };
  const original = Uint8Array.from(data);
  // The layers in front of a model are those that training puts there; behind them the model changes nothing.
  const bare = sequential([input([height, width, channels]), flatten()]);
  const front = augmented(bare, settings.augment).layers.slice(0, -bare.layers.length);
  if (front.length === 0) return [png(original)];
  const all = new Uint8Array(VARIANTS * original.length);
  for (let i = 0; i < VARIANTS; i++) all.set(original, i * original.length);
  const images = tensor(all, [VARIANTS, height, width, channels], "uint8");
  const layers = sequential([input([height, width, channels]), ...front]);
  const drawn = await callLayer(layers, images, { training: true, seed: settings.seed, runtime });
  const size = original.length;
  return [
    png(original),
    ...Array.from({ length: VARIANTS }, (_, i) =>
      png(Uint8Array.from(Uint8ClampedArray.from(drawn.data.subarray(i * size, (i + 1) * size)))),
    ),
  ];
}

function shrunk([height, width]: readonly [number, number]): readonly [number, number] {
  const by = Math.min(1, LONGEST / Math.max(height, width));
  return [Math.max(1, Math.round(height * by)), Math.max(1, Math.round(width * by))];
}
