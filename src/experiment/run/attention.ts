// What a model looked at: Grad-CAM over some test images, mistakes first, for the report.
import { gradCam, overlay } from "../../explain/index.js";
import type { Model } from "../../nn/index.js";
import { failureList } from "../../report/evaluation.js";
import type { AttentionFacts, ClassificationFacts } from "../../report/facts.js";

import { imagesOf, type Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";

const FAILURES = 5;
const SHOWN = 10;

/** Some mistakes, the most confident first, and then right decisions of one class after the other. */
function chosen(evaluation: ClassificationFacts): number[] {
  const wrong = failureList(evaluation, FAILURES);
  const labels = Array.from(evaluation.labels);
  const right = labels.flatMap((label, at) => (evaluation.predicted[at] === label ? [at] : []));
  const seen = new Map<number, number>();
  const turnOf = (label: number): number => {
    const turn = seen.get(label) ?? 0;
    seen.set(label, turn + 1);
    return turn;
  };
  const turns = right.map((at) => ({ at, turn: turnOf(labels[at]!) })).sort((a, b) => a.turn - b.turn || a.at - b.at);
  return [...wrong, ...turns.slice(0, SHOWN - wrong.length).map(({ at }) => at)];
}

/** Maps of what spoke for the predicted classes, laid over images of the test part. */
export async function attentionFacts(
  model: Model,
  part: Part<ImageSamples>,
  evaluation: ClassificationFacts,
): Promise<readonly AttentionFacts[]> {
  const places = chosen(evaluation);
  if (places.length === 0) return [];
  const x = await imagesOf(part, Int32Array.from(places));
  const { maps } = await gradCam(model, x);
  const size = maps.data.length / places.length;
  const [height, width, channels] = part.samples.images.shape;
  const pixels = height * width * channels;
  return places.map((at, i) => {
    const data = x.data.slice(i * pixels, (i + 1) * pixels);
    const picture = { height, width, channels: channels as 1 | 3, data };
    return {
      trueClass: evaluation.labels[at]!,
      predictedClass: evaluation.predicted[at]!,
      confidence: evaluation.confidence[at]!,
      image: overlay(picture, maps.data.subarray(i * size, (i + 1) * size)),
      file: part.samples.files[part.rows[at]!]!,
    };
  });
}
