// Some images of a folder, to look at: a few of each of many classes, or several of one.
import { FoveaError } from "../../core/errors.js";
import { type Colormap, loadImage, pictureOf } from "../../data/index.js";
import { joinPath } from "../../platform/paths.js";
import type { ImageFacts } from "../../report/facts.js";

/** An image with its class and its path. */
export interface Sample {
  /** Number of the class; -1 for an image without one. */
  readonly classIndex: number;
  /** Relative to the folder of its split. */
  readonly path: string;
  /** The pixels, in the file's size. */
  readonly image: ImageFacts;
}

/** An image as it is, or its grey levels in colours; undefined where it cannot be decoded, which is told elsewhere. */
async function imageAt(path: string, colormap: Colormap | undefined): Promise<ImageFacts | undefined> {
  try {
    return colormap === undefined
      ? pictureOf(await loadImage(path))
      : pictureOf(await loadImage(path, { color: "grayscale" }), { colormap });
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

interface Listed {
  readonly path: string;
  readonly classIndex: number;
}

/** The first `count` readable images of those listed. */
export async function firstSamples(
  folder: string,
  files: readonly Listed[],
  count: number,
  colormap?: Colormap,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { path, classIndex } of files) {
    if (samples.length >= count) break;
    const image = await imageAt(joinPath(folder, path), colormap);
    if (image !== undefined) samples.push({ classIndex, path, image });
  }
  return samples;
}

/** The first readable image of up to `count` classes spread over all; without classes the first images. */
export async function samplesOfClasses(
  folder: string,
  files: readonly Listed[],
  classes: number,
  count: number,
): Promise<Sample[]> {
  if (classes === 0) return firstSamples(folder, files, count);
  const step = Math.max(1, classes / count);
  const samples: Sample[] = [];
  for (let position = 0; position < classes && samples.length < count; position += step) {
    const classIndex = Math.floor(position);
    const first = files.find((file) => file.classIndex === classIndex);
    if (first !== undefined) samples.push(...(await firstSamples(folder, [first], 1)));
  }
  return samples;
}
