// Places that a model looked at: Grad-CAM over some test images, the worst answers first, for the report.
import { gradCam, overlay } from "../../explain/index.js";
import type { Model } from "../../nn/index.js";
import type { AttentionFacts } from "../../report/facts.js";
import { imagesOf, type Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { taskOf } from "../tasks/index.js";
import type { Evaluated } from "../training/train.js";

const WRONG = 5;
const SHOWN = 10;

/** Maps of what spoke for the model's answers, laid over images of the test part. */
export async function attentionFacts(
  model: Model,
  part: Part<ImageSamples>,
  { task, loss, outcome }: Pick<Evaluated, "task" | "loss" | "outcome">,
): Promise<readonly AttentionFacts[]> {
  const record = taskOf(task);
  const attended = record.attended(outcome, task, { loss }, { wrong: WRONG, all: SHOWN });
  if (attended.length === 0) return [];
  const x = await imagesOf(
    part,
    Int32Array.from(attended, ({ at }) => at),
  );
  const classIndex = attended.map(({ index }) => index);
  const { maps } = await gradCam(model, x, { classIndex, score: record.explanationScore(task) });
  const size = maps.data.length / attended.length;
  const [height, width, channels] = part.samples.images.shape;
  const pixels = height * width * channels;
  return attended.map(({ at, caption }, i) => {
    const data = x.data.slice(i * pixels, (i + 1) * pixels);
    const picture = { height, width, channels: channels as 1 | 3, data };
    return {
      ...caption,
      image: overlay(picture, maps.data.subarray(i * size, (i + 1) * size)),
      file: part.samples.files[part.rows[at]!]!,
    };
  });
}
