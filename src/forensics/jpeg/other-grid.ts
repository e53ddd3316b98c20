// Method: an earlier compression whose blocks lie elsewhere than the file's.
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { blobsAbove, mapOf, regionOf } from "../signal/grid.js";
import { brightnessOf, coefficientsOf, digits, percent, TOO_SMALL } from "./examined.js";
import { estimatedQuality } from "./quantization.js";
import { shiftedCompression } from "./shifted-compression.js";

/** Deviations by which a grid must stand out among all 64, and gain of its steps, which must be those of a quality. */
const LEAST_STRENGTH = 4;
const LEAST_GAIN = 0.5;
/**
 * The gain that files of other formats need, which have no grid of their own to compare with: with steps of a quality, and
 * without. Pictures that were never compressed reach 1.54 without and 1.18 with them, those of quality 88 have 2.3 and more
 * (node dist/tools/measure-forensics.js clean FOLDER).
 */
const GAIN_OTHERWISE = { known: 1.2, unknown: 2 } as const;
/** Qualities below that of the file, from which an earlier one shows, and the highest one that shows in other formats. */
const BELOW = 4;
const MOST_QUALITY = 94;
/** Mean log-likelihood ratio (nats) around a block from which it counts as compressed on the other grid. */
const ODD = 0;
const LEAST_BLOCKS = 16;
/** Share of the picture from which all of it was compressed on the other grid, and then cut. */
const WHOLE = 0.4;

/** Words for JPEG files, which have a grid themselves, and for files of other formats, which have none. */
const NONE = { JPEG: "No other grid of compression shows.", other: "No earlier compression as JPEG shows." } as const;
const AGAIN = {
  JPEG: ", in blocks that lie elsewhere: it was opened, perhaps cut, and saved again",
  other: ": it was opened, and saved in this format afterwards",
} as const;
const APART = {
  JPEG: ", in blocks that lie elsewhere than those of the rest",
  other: ", and the rest was not, or in blocks that lie elsewhere",
} as const;

export const otherGrid: Method = {
  name: "other-grid",
  title: "Compression on another grid",
  kind: "compression",
  measures:
    "whether the picture, or a part of it, was compressed before in blocks that lie elsewhere than the file's, as parts of other photos do that are pasted in; in other formats than JPEG, which have no blocks, whether it was a JPEG file before",
  limits:
    "Blind where the last quality is lower than the one before, and for parts below some 64 pixels across; a photo that was saved, cut and saved again shows the other grid everywhere",
  source: "Bianchi and Piva 2012 (IEEE TIFS 7(2), 842-848, and 7(3), 1003-1017)",
  appliesTo: "all",
  settings: {
    "least strength": LEAST_STRENGTH,
    "least gain (nats)": LEAST_GAIN,
    "without a grid (nats)": GAIN_OTHERWISE.known,
    "odd from (nats)": ODD,
  },
  async run(image): Promise<Evidence> {
    const plane = await brightnessOf(image);
    const isJpeg = image.format === "JPEG";
    const found = await shiftedCompression(plane, isJpeg);
    if (found === undefined) return { finding: "unable", sentence: TOO_SMALL };
    const kind = isJpeg ? "JPEG" : "other";
    const { trace, quality, gain, share, before } = found;
    const rows = [
      {
        label: "Grid that stands out",
        value: `${trace.x} right, ${trace.y} down, by ${digits(trace.strength, 1)} deviations`,
      },
      { label: "Gain where it does", value: `${digits(gain)} nats for each block, ${percent(share)} of the blocks` },
      { label: "Quality on it", value: quality === undefined ? "by no standard table" : `about ${quality} of 100` },
    ];
    const map = mapOf(
      before,
      { title: "traces of compression on another grid", low: "none", high: "compressed on the other grid" },
      [-6, 6],
    );
    // Fine steps show nothing through coarser ones, so that what looks like them is chance.
    const last = isJpeg ? (estimatedQuality([(await coefficientsOf(image)).table]) ?? 100) : MOST_QUALITY + BELOW;
    const isFiner = quality !== undefined && quality > last - BELOW;
    const otherwise = quality === undefined ? GAIN_OTHERWISE.unknown : GAIN_OTHERWISE.known;
    if (trace.strength < LEAST_STRENGTH || gain < (isJpeg ? LEAST_GAIN : otherwise) || isFiner)
      return { finding: "none", sentence: NONE[kind], rows, map };
    const parts = blobsAbove(before, ODD).filter(({ cells }) => cells >= LEAST_BLOCKS);
    const covered = parts.reduce((sum, { cells }) => sum + cells, 0) / before.values.length;
    if (covered > WHOLE || parts.length === 0 || quality === undefined)
      return {
        finding: "notable",
        sentence: `The picture was compressed as JPEG before${quality === undefined ? "" : ` with a quality of about ${quality}`}${AGAIN[kind]}.`,
        ...{ rows, map },
      };
    return {
      finding: "contradicts",
      sentence: `A part of the picture was compressed as JPEG before with a quality of about ${quality}${APART[kind]}: it comes from another place or another file.`,
      ...{ rows, map },
      regions: parts.map((part, i) => regionOf(part, 8, plane, `other grid ${i + 1}`)),
    };
  },
};
