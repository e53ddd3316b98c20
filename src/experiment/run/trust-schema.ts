// The trust in a model as facts.json has it. It follows report/trust-facts.ts; the compiler compares the two.
import * as z from "zod";

const count = z.int().min(0);

/** @param number schema of a number, one that is not finite included */
export function trustSchema<N extends z.ZodType<number>>(number: N) {
  const share = z.object({ share: number, low: number, high: number });
  const fitted = { split: z.string(), judged: count, images: count, choseEpoch: z.boolean() };
  const parts = z.object({
    score: number,
    reliability: number,
    resolution: number,
    uncertainty: number,
    within: number,
  });
  const bin = z.object({
    from: number,
    to: number,
    count,
    right: count,
    confidence: number,
    accuracy: number,
  });
  const calibration = z.object({
    logLoss: number,
    brier: number,
    ece: number,
    adaptiveEce: number,
    mce: number,
    parts,
    bins: z.array(bin),
  });
  const set = z.object({
    method: z.string(),
    perClass: z.boolean(),
    coverage: number,
    covered: share,
    meanSize: number,
    single: number,
    empty: number,
  });
  const threshold = z.object({
    risk: number,
    confidence: number,
    threshold: number.exactOptional(),
    accepted: count.exactOptional(),
    wrong: count.exactOptional(),
  });
  const rule = z.object({ threshold: number.exactOptional(), referred: count, wrong: count, cost: number });
  const classification = z.object({
    kind: z.literal("classification"),
    ...fitted,
    temperature: number,
    refused: number.exactOptional(),
    before: calibration,
    after: calibration,
    sets: z.array(set),
    curve: z
      .object({ coverage: z.array(number), risk: z.array(number), area: number })
      .refine(({ coverage, risk }) => coverage.length === risk.length, "expected as many risks as coverages"),
    thresholds: z.array(threshold),
    costs: z.object({ mistake: number, look: number, rules: z.array(rule) }),
    novelty: z.object({ measures: z.array(z.string()), level: number, judged: count, referred: count }).exactOptional(),
  });
  const interval = z.object({ coverage: number, covered: share, meanWidth: number, medianWidth: number });
  const regression = z.object({
    kind: z.literal("regression"),
    ...fitted,
    method: z.enum(["absolute", "relative"]),
    targets: z.array(z.object({ name: z.string(), intervals: z.array(interval) })),
  });
  return z.discriminatedUnion("kind", [classification, regression]);
}
