// Method: parts that were compressed once in a picture that was compressed twice on one grid.

import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { blobsAbove, mapOf, regionOf } from "../signal/grid.js";
import { coefficientsOf, digits, doubleCompressionOf, isTooSmall, percent, TOO_SMALL } from "./examined.js";

/** Gain for each block (nats) from which a first compression is believed: once compressed photos reach 0.17. */
export const LEAST_GAIN = 0.4;
/** Share of the blocks that must show it before others are odd. */
const LEAST_SHARE = 0.6;
/** Mean log-likelihood ratio (nats) around a block from which it counts as compressed once. */
const ODD = 2;
/** Blocks that an odd part has at least, and the share of the picture that it has at most. */
const LEAST_BLOCKS = 40;
const MOST_SHARE = 0.4;

export const savedTwice: Method = {
  name: "saved-twice",
  title: "Two compressions on one grid",
  kind: "compression",
  measures:
    "whether the picture was compressed twice with different qualities, and which parts show the last compression alone, as pasted or painted parts do",
  limits:
    "Blind where the first quality was higher than the last, where both are alike, and in flat or overexposed parts; a logo or a date that a telephone adds is an edited part, too",
  source:
    "Popescu and Farid 2004 (IH, LNCS 3200); Lin, He, Tang, Tang 2009 (Pattern Recognition 42); Bianchi and Piva 2012 (IEEE TIFS 7(3))",
  appliesTo: ["JPEG"],
  settings: { "least gain (nats)": LEAST_GAIN, "odd from (nats)": ODD, "least blocks": LEAST_BLOCKS },
  async run(image): Promise<Evidence> {
    if (isTooSmall(await coefficientsOf(image))) return { finding: "unable", sentence: TOO_SMALL };
    const { gain, share, quality, steps, once } = await doubleCompressionOf(image);
    const rows = [
      { label: "Gain of a first compression", value: `${digits(gain)} nats for each block` },
      { label: "Blocks that show it", value: percent(share) },
      { label: "First quality", value: quality === undefined ? "by no standard table" : `about ${quality} of 100` },
      { label: "Steps, lowest ten frequencies", value: steps.join(" ") },
    ];
    const map = mapOf(
      once,
      { title: "traces of a first compression", low: "compressed twice", high: "compressed once" },
      [-6, 6],
    );
    if (gain < LEAST_GAIN)
      return { finding: "none", sentence: "Nothing shows a compression before the last one.", rows, map };
    const before = quality === undefined ? "before" : `before, with a quality of about ${quality}`;
    const parts = blobsAbove(once, ODD).filter(
      ({ cells }) => cells >= LEAST_BLOCKS && cells <= MOST_SHARE * once.values.length,
    );
    if (share < LEAST_SHARE || quality === undefined || parts.length === 0)
      return {
        finding: "notable",
        sentence: `The picture was compressed ${before}; most photos that were sent or edited were.`,
        ...{ rows, map },
      };
    const size = { width: 8 * once.width, height: 8 * once.height };
    return {
      finding: "contradicts",
      sentence: `Most of the picture was compressed ${before}, and ${parts.length === 1 ? "one part" : `${parts.length} parts`} of it not: something was put there afterwards.`,
      ...{ rows, map },
      regions: parts.map((part, i) => regionOf(part, 8, size, `compressed once ${i + 1}`)),
    };
  },
};
