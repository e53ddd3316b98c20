// `fovea explain --gallery`: what the layers learn, as a page, as a sheet, and in a run's report where that is asked for.

import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { VERSION } from "../../core/version.js";
import { featureSheet, layerGallery } from "../../experiment/explain/index.js";
import { imagesFor, openModel } from "../../experiment/models/index.js";
import { addGallery, factsOf, RUN_FILES, RunFolder } from "../../experiment/run/index.js";
import { exists } from "../../platform/files.js";
import { replaceFiles } from "../../platform/folders.js";
import { baseName, joinPath } from "../../platform/paths.js";
import type { ImageFacts } from "../../report/facts.js";
import { pngBytes } from "../../report/images/png.js";
import { renderGalleryPage } from "../../report/pages/layer-gallery.js";
import { type DetectorOptions, detecting, type ForeignOptions } from "../foreign-options.js";
import type { CommonOptions } from "../options.js";
import type { Output } from "../terminal/output.js";

export interface GalleryWish extends CommonOptions, ForeignOptions, DetectorOptions {
  readonly steps: number;
  readonly out: string;
  readonly report?: true;
}

/** The gallery as a page and a sheet, and in the run's report where that is asked for. */
export async function showGallery(
  path: string,
  images: readonly string[],
  options: GalleryWish,
  output: Output,
): Promise<void> {
  const { steps, seed, threads, out, rescale, labels, imageSize } = options;
  const isRun = await exists(joinPath(path, RUN_FILES.facts));
  const folder = isRun || options.report ? await RunFolder.open(path) : undefined;
  if (folder === undefined && images.length === 0)
    throw new UsageError("--gallery shows the maps of each layer for one image; name one image");
  const facts = folder && (await factsOf(folder));
  const trained = await openModel(path, {
    ...detecting(options),
    ...defined({ threads, compile: false, rescale, labels, imageSize }),
  });
  for (const warning of trained.warnings) output.warn(warning);
  const progress = output.progress("Climbing");
  try {
    const sample = facts?.samples[0]?.image;
    const image = images.length === 0 && sample ? sampleTensor(sample) : await imagesFor(trained, images);
    const onStep = (done: number, total: number): void => progress.update(done, total, "steps");
    const gallery = await layerGallery(trained, image, { steps, onStep, ...defined({ seed }) });
    progress.end();
    const [page, sheet] = [joinPath(out, "gallery.html"), joinPath(out, "features.png")];
    await replaceFiles(out, {
      main: baseName(page),
      files: new Map<string, Uint8Array | string>([
        [baseName(page), await renderGalleryPage(baseName(path), `Fovea ${VERSION}`, gallery)],
        [baseName(sheet), pngBytes(featureSheet(gallery))],
      ]),
    });
    if (folder !== undefined && options.report) await addGallery(folder, gallery);
    const report = options.report ? folder!.file("report") : undefined;
    const features = gallery.features.map(({ layer, channels, before, after }) => ({ layer, channels, before, after }));
    output.answer(
      { page, sheet, ...defined({ report }), features },
      `The gallery is ${page}, its features are ${sheet}${report === undefined ? "" : `; it is in ${report} too`}`,
    );
  } finally {
    progress.end();
    await trained.model.close();
  }
}

const sampleTensor = ({ height, width, channels, data }: ImageFacts): Tensor =>
  tensor(data, [1, height, width, channels], "uint8");
