// Method: parts of the picture that were copied within it.
import { brightnessOf, digits, TOO_SMALL } from "../jpeg/examined.js";
import type { Evidence } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { mapOf, regionOf } from "../signal/grid.js";
import { type CopiedPart, copyMove } from "./copy-move.js";

/** Correlation of the finest details from which two parts are copies: likenesses in clean photos reach 0.42. */
const LEAST_LIKENESS = 0.5;
/** Correlation from which a likeness is worth a look. */
const NOTABLE_LIKENESS = 0.25;
/** Share of the picture that a copy covers at least. */
const LEAST_AREA = 0.004;
/** Pixels of the searched picture by which the ways there and back may differ. */
const NEAR = 4;

export const copies: Method = {
  name: "copies",
  title: "Copied parts",
  kind: "pixels",
  measures:
    "whether a part of the picture appears in it a second time, also turned a little or with noise, down to its finest details",
  limits:
    "Large photos are searched reduced to 220,000 pixels, so that small copies are missed; flat parts, copies that were turned or enlarged much, and strong compression hide copies, and drawings and screenshots repeat themselves honestly",
  source: "Cozzolino, Poggi, Verdoliva 2015, Efficient dense-field copy-move forgery detection (IEEE TIFS 10(11))",
  appliesTo: "all",
  settings: { "least likeness": LEAST_LIKENESS, "least share of the picture": LEAST_AREA },
  async run(image): Promise<Evidence> {
    const plane = await brightnessOf(image);
    const found = await copyMove(plane);
    if (found === undefined) return { finding: "unable", sentence: TOO_SMALL };
    const { matched, parts } = found;
    const pairs = pairsOf(parts, NEAR * matched.cell, LEAST_AREA * matched.values.length);
    const map = mapOf(matched, { title: "places that have their like elsewhere", low: "none", high: "all" });
    const rows = pairs.map(([a, b], i) => ({
      label: `Pair ${i + 1}`,
      value: `${a.dx} right, ${a.dy} down; likeness ${digits(Math.max(a.likeness, b.likeness))}`,
    }));
    const certain = pairs.filter(([a, b]) => Math.max(a.likeness, b.likeness) >= LEAST_LIKENESS);
    const likely = pairs.filter(([a, b]) => Math.max(a.likeness, b.likeness) >= NOTABLE_LIKENESS);
    const shown = certain.length > 0 ? certain : likely;
    const regions = shown.flatMap((pair, i) =>
      pair.map((part) => regionOf(part, matched.cell, plane, `copy ${i + 1}`)),
    );
    if (certain.length > 0)
      return {
        finding: "contradicts",
        sentence: `${certain.length === 1 ? "A part" : `${certain.length} parts`} of the picture appear${certain.length === 1 ? "s" : ""} in it twice, with the same noise; a camera gives each place noise of its own.`,
        ...{ rows, map, regions },
      };
    if (likely.length > 0)
      return {
        finding: "notable",
        sentence:
          "Parts of the picture look alike and differ in their finest details: things that look alike, or copies that compression has worn.",
        ...{ rows, map, regions },
      };
    return { finding: "none", sentence: "No part of the picture was found in it a second time.", map };
  },
};

/** Parts that lead to each other. */
function pairsOf(parts: readonly CopiedPart[], near: number, least: number): (readonly [CopiedPart, CopiedPart])[] {
  const large = parts.filter(({ cells }) => cells >= least);
  return large.flatMap((a, i) =>
    large
      .slice(i + 1)
      .filter((b) => Math.abs(a.dx + b.dx) <= near && Math.abs(a.dy + b.dy) <= near && (a.dx !== 0 || a.dy !== 0))
      .map((b) => [a, b] as const),
  );
}
