// `fovea explain --pair`: the parts of two images that make them alike to a verifier, as a PNG file.
import { defined } from "../../core/defined.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import { type AttributionMethod, explainPair } from "../../experiment/explain/index.js";
import { openModel, readableImages } from "../../experiment/models/index.js";
import { replaceFiles } from "../../platform/folders.js";
import { pngBytes } from "../../report/images/png.js";
import type { CommonOptions } from "../options.js";
import type { Output } from "../terminal/output.js";

interface PairOptions extends CommonOptions {
  readonly layer?: string;
  readonly out: string;
}

/** Writes pair.png into the folder of `--out`. @throws UsageError unless there are two images */
export async function showPair(
  path: string,
  images: readonly string[],
  method: AttributionMethod,
  { layer, out, threads }: PairOptions,
  output: Output,
): Promise<void> {
  if (images.length !== 2) throw new UsageError(`--pair explains two images, received ${images.length}; name two`);
  const trained = await openModel(path, { compile: false, ...defined({ threads }) });
  try {
    const { x, bad } = await readableImages(trained, images);
    if (x === undefined || bad[0] !== undefined) throw new FoveaError(bad[0]!.code, bad[0]!.error);
    const { score, threshold, picture } = await explainPair(trained, x, method, defined({ layer }));
    await replaceFiles(out, { files: new Map([["pair.png", pngBytes(picture)]]) });
    const same = threshold === undefined ? undefined : score >= threshold;
    output.answer(
      { method, out, pictures: [{ file: "pair.png", images, score, ...defined({ threshold, same }) }] },
      `${same === undefined ? "Cosine" : same ? "The same: cosine" : "Not the same: cosine"} ${score.toFixed(3)}. The picture is in ${out}`,
    );
  } finally {
    await trained.model.close();
  }
}
