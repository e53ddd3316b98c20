// Method: parts of the picture that were enlarged.
import { log } from "../../core/math.js";
import { brightnessOf, digits, percent, TOO_SMALL } from "../jpeg/examined.js";
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { blobsAbove, mapOf, regionOf } from "../signal/grid.js";
import { RHYTHM, resampling } from "./resampling.js";

/** Share of the windows from which all of the picture has the rhythm. */
const WHOLE = 0.3;
/** Logarithm of the power from which a window belongs to an enlarged part, and pixels that the part has at least. */
const STRONG = log(RHYTHM);
const LEAST_PIXELS = 48 * 48;
/** Logarithm of the power that the strongest window has: clean photos reach 2.5. */
const LEAST_POWER = 2.8;

export const enlarged: Method = {
  name: "enlarged",
  title: "Traces of enlarging",
  kind: "pixels",
  measures:
    "whether pixels follow from their neighbours at a fixed rhythm, as after enlarging, everywhere or in a part",
  limits:
    "Reducing and turning by a few degrees leave little, JPEG below quality 95 hides most, fabrics and fences have a rhythm of their own, and many telephones enlarge all of a photo (digital zoom)",
  source:
    "Popescu and Farid 2005 (IEEE TSP 53(2)); Kirchner 2008, fixed linear predictor (ACM MM&Sec); Mahdian and Saic 2008 (IEEE TIFS 3(3))",
  appliesTo: "all",
  settings: { "power that stands out": RHYTHM, "least share for the whole picture": WHOLE },
  async run(image): Promise<Evidence> {
    const plane = await brightnessOf(image);
    const found = await resampling(plane);
    if (found === undefined) return { finding: "unable", sentence: TOO_SMALL };
    const { frequency, share, power } = found;
    const rows = [
      { label: "Rhythm", value: `${frequency.map((f) => digits(f, 3)).join(" and ")} cycles for each pixel` },
      { label: "Windows that show it", value: percent(share) },
    ];
    const title = "rhythm of interpolation";
    if (share > WHOLE)
      return {
        finding: "notable",
        sentence: "The whole picture was enlarged; parts without the rhythm are flat, or were put there afterwards.",
        rows,
        map: mapOf(power, { title, low: "strong", high: "none" }, [4, 0]),
      };
    const map = mapOf(power, { title, low: "none", high: "strong" }, [0, 4]);
    const parts = blobsAbove(power, STRONG).filter(({ cells }) => cells * power.cell ** 2 >= LEAST_PIXELS);
    const strongest = power.values.reduce((a, b) => Math.max(a, b), 0);
    if (parts.length === 0 || strongest < LEAST_POWER)
      return { finding: "none", sentence: "No part of the picture shows that it was enlarged.", rows, map };
    return {
      finding: "notable",
      sentence:
        "A part of the picture shows a rhythm as after enlarging, and the rest does not: it was enlarged, or its texture is so regular.",
      ...{ rows, map },
      regions: parts.map((part, i) => regionOf(part, power.cell, plane, `enlarged ${i + 1}`)),
    };
  },
};
