// Method: error level analysis, a picture for a trained eye from which nothing is concluded.
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { mapOf } from "../signal/grid.js";
import { ERROR_LEVEL_QUALITY, errorLevels } from "./error-levels.js";
import { brightnessOf } from "./examined.js";

export const errorLevel: Method = {
  name: "error-level",
  title: "Error levels",
  kind: "compression",
  measures: `how much each block changes when the picture is saved again with quality ${ERROR_LEVEL_QUALITY}`,
  limits:
    "Edges and texture always change more than flat parts, and one more compression of the whole picture wipes differences out; no conclusion is drawn from it",
  source: "Krawetz 2007, A picture's worth; Warif et al. 2015 find it weak (ICACSIS)",
  appliesTo: "all",
  settings: { quality: ERROR_LEVEL_QUALITY },
  async run(image): Promise<Evidence> {
    const levels = await errorLevels(await brightnessOf(image));
    const most = levels.values.reduce((a, b) => Math.max(a, b), 0);
    return {
      finding: "shown",
      sentence:
        "The map shows how much each block changes when it is saved again; look for parts unlike others of the same texture.",
      rows: [{ label: "Largest change of a block", value: `${most.toFixed(1)} of 255 levels` }],
      map: mapOf(levels, { title: "change when saved again", low: "none", high: "the largest" }, [
        0,
        Math.max(most, 1),
      ]),
    };
  },
};
