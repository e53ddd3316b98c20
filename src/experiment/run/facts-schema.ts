// The fields of facts.json: the schema that checks the file, and reads its bytes and numbers back.
// It follows report/facts.ts; the compiler compares the two.
import * as z from "zod";
import type { ImageFacts } from "../../report/facts.js";
import { slicesSchema } from "./slices-schema.js";
import { trustSchema } from "./trust-schema.js";

/** Marks bytes, which JSON has not: base64. */
export const BYTES = "$bytes";
/** Marks NaN and infinities, which JSON has not: a training that diverged has a report too. */
export const NUMBER = "$number";

const special = z.strictObject({ [NUMBER]: z.enum(["NaN", "Infinity", "-Infinity"]) });
const number = z.union([z.number(), special.transform((spelled) => Number(spelled[NUMBER]))], {
  error: "expected a number",
});
const count = z.int().min(0);

const bytes = z.strictObject({ [BYTES]: z.string() }).transform((spelled, context) => {
  try {
    return Uint8Array.from(atob(spelled[BYTES]), (character) => character.charCodeAt(0));
  } catch {
    context.addIssue({ code: "custom", message: "expected base64" });
    return z.NEVER;
  }
});

const holdsItsPixels = ({ height, width, channels, data }: ImageFacts): boolean =>
  data.length === height * width * channels;

const image = z
  .object({ height: z.int().min(1), width: z.int().min(1), channels: z.int().min(1).max(4), data: bytes })
  .refine(holdsItsPixels, "expected height * width * channels bytes");

const row = z.object({ label: z.string(), value: z.string() });

const split = z.object({
  name: z.string(),
  counts: z.array(count),
  heights: z.array(count).exactOptional(),
  widths: z.array(count).exactOptional(),
  modes: z.array(z.object({ mode: z.string(), count })).exactOptional(),
  images: count.exactOptional(),
  targets: z
    .array(z.object({ name: z.string(), unit: z.string().exactOptional(), values: z.array(number) }))
    .exactOptional(),
});

const model = z.object({
  name: z.string(),
  layers: z.array(z.object({ name: z.string(), type: z.string(), outputShape: z.string(), params: count })),
  totals: z.array(row),
});

const classification = z
  .object({
    kind: z.literal("classification"),
    split: z.string(),
    labels: z.array(count),
    predicted: z.array(count),
    confidence: z.array(number),
  })
  .refine(
    ({ labels, predicted, confidence }) => predicted.length === labels.length && confidence.length === labels.length,
    "expected as many predictions and confidences as labels",
  );

const curve = z
  .object({ exposure: z.array(number), amount: z.array(number) })
  .refine(({ exposure, amount }) => exposure.length === amount.length, "expected as many amounts as exposures");

const target = z
  .object({
    name: z.string(),
    unit: z.string().exactOptional(),
    deviance: z.string(),
    weight: z.string().exactOptional(),
    actual: z.array(number),
    predicted: z.array(number),
    residuals: z.array(number),
    figures: z.object({
      d2: number,
      rmse: number,
      mae: number,
      deviance: number,
      meanActual: number,
      meanPredicted: number,
      gini: number.exactOptional(),
      normalizedGini: number.exactOptional(),
    }),
    baseline: z.object({ value: number, d2: number, rmse: number, mae: number, deviance: number }),
    deciles: z.array(
      z.object({
        number: count,
        from: number,
        to: number,
        rows: count,
        weight: number,
        actual: number,
        predicted: number,
        lift: number,
        ratio: number,
        low: number,
        high: number,
      }),
    ),
    intervals: z.enum(["count", "ratio"]),
    lorenz: z.object({ model: curve, perfect: curve }).exactOptional(),
    misses: z.array(
      z.object({ actual: number, predicted: number, image: image.exactOptional(), file: z.string().exactOptional() }),
    ),
  })
  .refine(
    ({ actual, predicted, residuals }) => predicted.length === actual.length && residuals.length === actual.length,
    "expected as many predictions and residuals as actual numbers",
  );

const regression = z.object({ kind: z.literal("regression"), split: z.string(), targets: z.array(target).min(1) });

const labelFigures = {
  support: count,
  precision: number,
  recall: number,
  f1: number,
  auc: number.exactOptional(),
  averagePrecision: number.exactOptional(),
};

const multiLabel = z
  .object({
    kind: z.literal("multiLabel"),
    split: z.string(),
    labelNames: z.array(z.string()).min(1),
    images: count,
    labels: z.array(z.object({ threshold: number, ...labelFigures })),
    macro: z.object(labelFigures),
    micro: z.object(labelFigures),
    exact: number,
    errors: z.array(count),
    wrong: count,
    rights: z.array(z.int().min(0).max(1)).exactOptional(),
    misses: z.array(
      z.object({
        right: z.array(count),
        missed: z.array(count),
        falsely: z.array(count),
        image: image.exactOptional(),
        file: z.string().exactOptional(),
      }),
    ),
  })
  .refine(({ labels, labelNames }) => labels.length === labelNames.length, "expected figures of each label")
  .refine(
    ({ errors, labelNames }) => errors.length === (labelNames.length + 1) ** 2,
    "expected errors of each label, and of none, with each other",
  );

const pairImage = z.object({ image: image.exactOptional(), file: z.string().exactOptional() });
const pair = z.object({ score: number, first: pairImage, second: pairImage });

const verification = z
  .object({
    kind: z.literal("verification"),
    split: z.string(),
    images: count,
    identities: count,
    pairs: z.object({ same: count, others: count }),
    threshold: number,
    figures: z.record(z.string(), number),
    curve: z.object({ falseAcceptances: z.array(number), trueAcceptances: z.array(number) }),
    scores: z.object({ from: number, to: number, same: z.array(count), others: z.array(count) }),
    missed: z.array(pair),
    falsely: z.array(pair),
  })
  .refine(
    ({ curve: { falseAcceptances, trueAcceptances } }) => falseAcceptances.length === trueAcceptances.length,
    "expected as many false acceptances as true ones",
  );

const maskOverlap = z.object({
  pixels: count,
  predicted: count,
  iou: number.exactOptional(),
  dice: number.exactOptional(),
});

const segmentation = z
  .object({
    kind: z.literal("segmentation"),
    split: z.string(),
    classNames: z.array(z.string()).min(2),
    images: count,
    confusion: z.array(count),
    classes: z.array(maskOverlap),
    meanIou: number,
    dice: number,
    pixelAccuracy: number,
    overlaps: z.array(number),
    shown: z.array(
      z.object({
        iou: number,
        truth: image,
        said: image,
        image: image.exactOptional(),
        file: z.string().exactOptional(),
      }),
    ),
  })
  .refine(({ classes, classNames }) => classes.length === classNames.length, "expected figures of each class")
  .refine(
    ({ confusion, classNames }) => confusion.length === classNames.length ** 2,
    "expected pixels of each class, by each predicted class",
  );

const share = z.number().min(0).max(1);
const figures = z.record(z.string(), number);
const shownBox = z.object({
  classIndex: count,
  box: z.tuple([number, number, number, number]).readonly(),
  outcome: z.enum(["true", "missed", "right", "confused", "invented"]),
  score: share.exactOptional(),
});

const detection = z
  .object({
    kind: z.literal("detection"),
    split: z.string(),
    classNames: z.array(z.string()).min(1),
    score: share,
    images: count,
    figures,
    classes: z.array(
      z.object({
        truths: count,
        told: count,
        figures,
        precision: share.exactOptional(),
        recall: share.exactOptional(),
        curve: z.array(number).exactOptional(),
      }),
    ),
    confusion: z.array(count),
    errors: z.array(count),
    shown: z.array(
      z.object({
        missed: count,
        invented: count,
        confused: count,
        boxes: z.array(shownBox),
        image: image.exactOptional(),
        file: z.string().exactOptional(),
      }),
    ),
  })
  .refine(({ classes, classNames }) => classes.length === classNames.length, "expected figures of each class")
  .refine(
    ({ confusion, classNames }) => confusion.length === (classNames.length + 1) ** 2,
    "expected a row of confusion for each class and one for none, by detected class",
  );

/** Files of before there were tasks hold classifications and do not say so. */
const evaluation = z.preprocess(
  (value) =>
    typeof value === "object" && value !== null && !("kind" in value) ? { kind: "classification", ...value } : value,
  z.discriminatedUnion("kind", [classification, regression, multiLabel, segmentation, verification, detection]),
);

const decision = { trueClass: count, predictedClass: count, confidence: number };
const failure = z.object({ ...decision, image: image.exactOptional(), file: z.string().exactOptional() });
const attention = z.union(
  [z.object({ ...decision, image, file: z.string() }), z.object({ title: z.string(), image, file: z.string() })],
  { error: "expected a decision or a title, with its image and file" },
);

const gallery = z.object({
  image,
  filters: image.exactOptional(),
  layers: z.array(z.object({ name: z.string(), shape: z.string(), channels: z.array(count), image })),
  features: z.array(
    z.object({
      layer: z.string(),
      channels: z.array(count),
      before: z.array(number),
      after: z.array(number),
      image,
    }),
  ),
});

const facts = z
  .object({
    name: z.string(),
    createdBy: z.string(),
    classNames: z.array(z.string()),
    recipe: z.array(row),
    splits: z.array(split),
    samples: z.array(z.object({ classIndex: count, path: z.string().exactOptional(), image })),
    model: model.exactOptional(),
    history: z.record(z.string(), z.array(number)).exactOptional(),
    bestEpoch: count.exactOptional(),
    monitor: z.string().exactOptional(),
    metrics: z.array(
      z.object({
        split: z.string(),
        values: z.record(z.string(), number),
        baseline: number.exactOptional(),
        intervals: z.record(z.string(), z.tuple([number, number]).readonly()).exactOptional(),
      }),
    ),
    commonestClass: count.exactOptional(),
    evaluation: evaluation.exactOptional(),
    trust: trustSchema(number).exactOptional(),
    slices: slicesSchema(number).exactOptional(),
    failures: z.array(failure),
    attention: z.array(attention).exactOptional(),
    gallery: gallery.exactOptional(),
    warnings: z.array(z.string()),
    hashes: z.array(row),
    seconds: number.exactOptional(),
    replay: z.object({ command: z.string(), code: z.string() }).exactOptional(),
  })
  .superRefine(({ classNames, evaluation }, context) => {
    if (evaluation !== undefined && !("confidence" in evaluation)) return;
    if (classNames.length === 0)
      context.addIssue({
        code: "custom",
        message: "expected names of classes",
        path: ["classNames"],
        input: classNames,
      });
    for (const list of ["labels", "predicted"] as const) {
      const at = evaluation?.[list].findIndex((index) => index >= classNames.length) ?? -1;
      if (at < 0) continue;
      const path = ["evaluation", list, at];
      const message = `expected a class from 0 to ${classNames.length - 1}`;
      context.addIssue({ code: "custom", message, path, input: evaluation![list][at] });
    }
  });

/** The whole file. */
export const FACTS_FILE = z.object({ version: z.literal(1), facts });
