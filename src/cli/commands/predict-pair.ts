// `fovea predict --pair`: a verifier's answer about two images.
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { comparePair, openVerifier } from "../../experiment/verification/index.js";
import type { Output } from "../terminal/output.js";

/** Options that say nothing to a pair. */
const IDLE = ["raw", "out", "log", "rescale", "labels"] as const;

/** Checks whether both images are of one identity. @throws UsageError unless there are two, and for options of other answers */
export async function predictPair(
  path: string,
  images: readonly string[],
  options: { readonly threads?: number | undefined } & { readonly [K in (typeof IDLE)[number]]?: unknown },
  output: Output,
): Promise<void> {
  if (images.length !== 2) throw new UsageError(`--pair compares two images, received ${images.length}; give two`);
  const idle = IDLE.find((name) => options[name] !== undefined);
  if (idle !== undefined) throw new UsageError(`--${idle} has no effect on a pair; leave it out`);
  const verifier = await openVerifier(path, defined({ threads: options.threads }));
  try {
    const [image, other] = images as readonly [string, string];
    const { score, threshold, same } = await comparePair(verifier, image, other);
    output.answer(
      {
        predictions: [{ image, task: "verification", accepted: true, pair: { image: other, score, threshold, same } }],
      },
      `${same ? "The same" : "Not the same"}: cosine ${score.toFixed(3)}, threshold ${threshold.toFixed(3)}.`,
    );
  } finally {
    await verifier.close();
  }
}
