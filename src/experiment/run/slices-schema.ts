// The fields of slices in facts.json. It follows report/slice-facts.ts; the compiler compares the two.
import * as z from "zod";

const count = z.int().min(0);

/** @param number the schema of numbers of the file, which may be NaN */
export function slicesSchema(number: z.ZodType<number>) {
  const rate = z.object({ share: number, low: number, high: number, count });
  return z.object({
    figure: z.string(),
    isShare: z.boolean(),
    whole: number,
    images: count,
    seen: count,
    rows: z.array(
      z.object({
        attribute: z.string(),
        value: z.string(),
        images: count,
        figure: number,
        low: number.exactOptional(),
        high: number.exactOptional(),
        p: number,
        adjusted: number,
        isWorse: z.boolean(),
      }),
    ),
    fairness: z
      .object({
        attribute: z.string(),
        answers: z.array(z.string()),
        groups: z.array(
          z.object({
            name: z.string(),
            images: count,
            given: z.array(rate),
            found: z.array(rate),
            calibration: z.object({ confidence: number, right: rate, error: number }).exactOptional(),
          }),
        ),
        parityGap: number,
        opportunityGap: number,
      })
      .exactOptional(),
  });
}
