// Fields of metrics.json about the trust in a model, which newer runs have: calibration, coverage of sets, referral.
import * as z from "zod";
import type { RunMetrics } from "../../formats/run/metrics.js";

const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const CALIBRATION = z.looseObject({ log_loss: z.number(), brier: z.number(), ece: z.number(), mce: z.number() });

const FIELDS = z.looseObject({
  calibration: z
    .looseObject({
      temperature: z.number(),
      fitted_on: z.looseObject({ images: z.number(), chose_epoch: z.boolean() }),
      before: CALIBRATION,
      after: CALIBRATION,
    })
    .optional(),
  coverage: z
    .array(
      z.looseObject({
        target: z.string().optional(),
        method: z.string(),
        nominal: z.number(),
        covered: z.number(),
        interval: z.array(z.number()).length(2),
        mean_size: figure.optional(),
        mean_width: figure.optional(),
      }),
    )
    .optional(),
  referral: z
    .looseObject({
      aurc: z.number(),
      thresholds: z.array(
        z.looseObject({
          risk: z.number(),
          confidence: z.number(),
          threshold: z.number().nullable(),
          accepted: z.number(),
          wrong: z.number(),
        }),
      ),
    })
    .optional(),
});

export type TrustFields = z.output<typeof FIELDS>;
export type CalibrationFields = z.output<typeof CALIBRATION>;

/** The fields that the metrics of a run have; none for older runs. */
export function trustFieldsOf(metrics: RunMetrics): TrustFields {
  const { success, data } = FIELDS.safeParse(metrics);
  return success ? data : {};
}
