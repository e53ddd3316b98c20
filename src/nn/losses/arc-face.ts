// The additive angular margin loss, ArcFace (Deng, Guo, Xue and Zafeiriou, 2019, equation 3): a crossentropy of cosines in
// which the angle to the right identity counts as wider by a margin, so that embeddings of an identity draw together.
import {
  add,
  greater,
  maximum,
  mul,
  oneHot,
  select,
  softmaxCrossentropy,
  sqrt,
  sub,
} from "../../core/functions/index.js";
import { cos, sin } from "../../core/math.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { sparseLabels } from "./crossentropy.js";
import type { Loss } from "./loss.js";
import { checkTargets } from "./targets.js";

/** Options of `arcFace`. */
export interface ArcFaceOptions {
  /** Margin in radians, from 0 to pi / 2. Default 0.5, the paper's. */
  readonly margin?: number;
  /** Factor of the cosines, above 0. Default 64, the paper's; with few identities 16 to 32 learn sooner. */
  readonly scale?: number;
}

/** The least squared sine, since the root of 0 has no slope. */
const LEAST = 1e-12;

/**
 * ArcFace between integer identities `[batch]` and cosines `[batch, identities]`, which `cosineDense` puts out:
 * crossentropy of `scale * cos(angle)`, with `cos(angle + margin)` for the right identity. Beyond pi - margin, where that
 * would rise again, it is `cos(angle) - margin sin(margin)`, as in the authors' program.
 * @throws FoveaError in training for an identity without an output.
 * @example arcFace({ margin: 0.5, scale: 64 })
 */
export function arcFace(options: ArcFaceOptions = {}): Loss {
  checkOptions("arcFace", options, ["margin", "scale"]);
  const margin = numberWithin("arcFace margin", options.margin ?? 0.5, 0, Math.PI / 2);
  const scale = numberWithin("arcFace scale", options.scale ?? 64, 1e-3, 1e6);
  const name = "arc_face";
  return {
    className: "ArcFace",
    name,
    config: { margin, scale },
    isForeign: true,
    values: (yTrue, cosines) => {
      const target = oneHot(sparseLabels(name, yTrue, cosines), cosines.type.shape.at(-1)!);
      const sine = sqrt(maximum(sub(1, mul(cosines, cosines)), LEAST));
      const wider = sub(mul(cosines, cos(margin)), mul(sine, sin(margin)));
      const beyond = sub(cosines, margin * sin(margin));
      const harder = select(greater(cosines, -cos(margin)), wider, beyond);
      const logits = mul(add(mul(target, harder), mul(sub(1, target), cosines)), scale);
      return softmaxCrossentropy(logits, target);
    },
    check: (y, outputShape, samples) => {
      const identities = outputShape.at(-1)!;
      const expected = `identities from 0 to ${identities - 1}, one for each of the model's ${identities} outputs`;
      checkTargets(
        name,
        expected,
        y,
        (identity) => identity >= 0 && identity < identities && Number.isInteger(identity),
        samples,
      );
    },
  };
}
