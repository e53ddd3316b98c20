// A triplet loss over the embeddings of a batch: each image comes nearer to images of its identity than to others by a
// margin. Of each the farthest of its identity and the nearest of another are taken, "batch hard" (Hermans, Beyer and
// Leibe, 2017, equation 5).
import {
  add,
  cast,
  equal,
  greater,
  iota,
  matmul,
  max,
  maximum,
  min,
  mul,
  relu,
  reshape,
  select,
  sqrt,
  square,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { sparseLabels } from "./crossentropy.js";
import type { Loss } from "./loss.js";
import { checkTargets } from "./targets.js";

/** Options of `tripletHard`. */
export interface TripletOptions {
  /** Distance by which other identities are to lie farther away. Default 0.2; embeddings of length 1 are at most 2 apart. */
  readonly margin?: number;
}

/** The least squared distance, since the root of 0 has no slope. */
const LEAST = 1e-12;
/** More than any distance that embeddings have. */
const FAR = 1e6;
/** The most identities that 32-bit floats tell apart. */
const MOST = 2 ** 24;

/** Euclidean distances between all rows, `[batch, batch]`. */
function distances(x: Value): Value {
  const lengths = sum(square(x), [1], true);
  const products = matmul(x, x, { transposeB: true });
  const squares = sub(add(lengths, reshape(lengths, [1, x.type.shape[0]!])), mul(products, 2));
  return sqrt(maximum(squares, LEAST));
}

/** 1 where both numbers are equal, `[batch, batch]`. */
function areEqual(numbers: Value): Value {
  const batch = numbers.type.shape[0]!;
  return equal(reshape(numbers, [batch, 1]), reshape(numbers, [1, batch]));
}

/**
 * The batch-hard triplet loss between integer identities `[batch]` and embeddings `[batch, features]`:
 * max(0, margin + distance to the farthest of the same identity - distance to the nearest of another) for each image. An
 * image without another of its identity in the batch, or without one of another identity, has a loss of 0.
 * @example tripletHard({ margin: 0.2 }) // after unitNormalization()
 */
export function tripletHard(options: TripletOptions = {}): Loss {
  checkOptions("tripletHard", options, ["margin"]);
  const margin = numberWithin("tripletHard margin", options.margin ?? 0.2, 0, 1e3);
  const name = "triplet_hard";
  return {
    className: "TripletHard",
    name,
    config: { margin },
    isForeign: true,
    couplesSamples: true,
    values: (yTrue, embeddings) => {
      const labels = cast(sparseLabels(name, yTrue, embeddings), "float32");
      const alike = areEqual(labels);
      const others = sub(1, alike);
      const same = sub(alike, areEqual(iota(labels.type.shape, 0)));
      const between = distances(embeddings);
      const farthest = max(mul(between, same), [1]);
      const nearest = min(select(others, between, FAR), [1]);
      const isJudged = mul(greater(sum(same, [1]), 0), greater(sum(others, [1]), 0));
      return mul(isJudged, relu(add(sub(farthest, nearest), margin)));
    },
    check: (y, _, samples) =>
      checkTargets(
        name,
        "whole numbers of identities",
        y,
        (identity) => Number.isInteger(identity) && identity >= 0 && identity < MOST,
        samples,
      ),
  };
}
