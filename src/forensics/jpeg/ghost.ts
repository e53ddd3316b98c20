// Method: parts that were saved with a lower quality before than the rest.
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { blobsAbove, mapOf, regionOf } from "../signal/grid.js";
import { coefficientsOf, digits, doubleCompressionOf, isTooSmall, TOO_SMALL } from "./examined.js";
import { jpegGhosts } from "./ghosts.js";
import { LEAST_GAIN } from "./saved-twice.js";

/** Contrast between the parts from which a ghost is believed: clean photos reach 0.003. */
const LEAST_CONTRAST = 0.005;
/** Depth from which a block belongs to the ghost, blocks that it has at least, and the share that it has at most. */
const DEEP = 0.25;
const LEAST_BLOCKS = 24;
const MOST_SHARE = 0.4;

export const ghost: Method = {
  name: "ghost",
  title: "JPEG ghosts",
  kind: "compression",
  measures:
    "whether a part of the picture changes least when it is saved again with a quality at which the rest changes",
  limits:
    "Sees parts whose earlier quality was lower than the file's, whose tables were libjpeg's, and that lie on the file's grid: one pasted part in 64, unless the editor aligns it; textures differ in depth",
  source: "Farid 2009, Exposing digital forgeries from JPEG ghosts (IEEE TIFS 4(1), 154-160)",
  appliesTo: ["JPEG"],
  settings: { "least contrast": LEAST_CONTRAST, "deep from": DEEP, "least blocks": LEAST_BLOCKS },
  async run(image): Promise<Evidence> {
    const coefficients = await coefficientsOf(image);
    if (isTooSmall(coefficients)) return { finding: "unable", sentence: TOO_SMALL };
    const { quality, contrast, usual, ghost: depth } = await jpegGhosts(coefficients);
    const rows = [
      { label: "Quality of the deepest ghost", value: `${quality} of 100` },
      { label: "Contrast", value: `${digits(contrast, 4)}, usual ${digits(usual, 4)}` },
    ];
    const map = mapOf(depth, {
      title: `change when saved again with quality ${quality}`,
      low: "as much as at other qualities",
      high: "next to none",
    });
    const parts = blobsAbove(depth, DEEP).filter(({ cells }) => cells >= LEAST_BLOCKS);
    const covered = parts.reduce((sum, { cells }) => sum + cells, 0) / depth.values.length;
    if (contrast < LEAST_CONTRAST || parts.length === 0)
      return { finding: "none", sentence: "No part of the picture has a ghost of its own.", rows, map };
    const { gain } = await doubleCompressionOf(image);
    if (gain >= LEAST_GAIN || covered > MOST_SHARE)
      return {
        finding: "notable",
        sentence: `Much of the picture changes least at a quality of about ${quality}: it was saved with it before.`,
        ...{ rows, map },
      };
    return {
      finding: "contradicts",
      sentence: `A part of the picture was saved with a quality of about ${quality} before, and the rest was not: it comes from another file.`,
      ...{ rows, map },
      regions: parts.map((part, i) => regionOf(part, 8, coefficients, `ghost ${i + 1}`)),
    };
  },
};
