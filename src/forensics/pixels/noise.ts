// Method: the noise of each part of the picture, shown.
import { brightnessOf, TOO_SMALL } from "../jpeg/examined.js";
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { mapOf } from "../signal/grid.js";
import { NOISE_CELL, noiseLevels } from "./noise-levels.js";

export const noise: Method = {
  name: "noise",
  title: "Noise levels",
  kind: "pixels",
  measures: "how much noise each part of the picture has, compared with the middle of all parts",
  limits:
    "Texture counts as noise, and honest photos have less noise where they are dark, overexposed or out of focus; no conclusion is drawn from it",
  source:
    "Mahdian and Saic 2009, Using noise inconsistencies for blind image forensics (Image and Vision Computing 27)",
  appliesTo: "all",
  settings: { "cell (pixels)": NOISE_CELL },
  async run(image): Promise<Evidence> {
    const { usual, difference } = await noiseLevels(await brightnessOf(image));
    if (difference.values.length === 0) return { finding: "unable", sentence: TOO_SMALL };
    return {
      finding: "shown",
      sentence:
        "The map shows where the picture has more or less noise than in its middle part; look for parts unlike others of the same texture.",
      rows: [{ label: "Middle noise", value: `${usual.toFixed(2)} of 255 levels` }],
      map: mapOf(
        difference,
        { title: "noise", low: "an eighth of the middle", high: "eight times the middle" },
        [-2, 2],
      ),
    };
  },
};
