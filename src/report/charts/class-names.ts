// Class names as a chart's axis needs them: printable, distinct, and with room for the longest.
import { printable } from "../../core/text.js";
import { widestText } from "./text-width.js";
import { COLORS, LABEL_SIZE } from "./theme.js";

/** Names without control characters (which SVG cannot hold); a name that repeats gets a number that is free. */
export function axisNames(classNames: readonly string[]): string[] {
  const names = classNames.map(printable);
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let n = 2; seen.has(free) || (free !== name && taken.has(free)); n++) free = `${name} (${n})`;
    seen.add(free);
    return free;
  });
}

/** Chinese characters want more size than figures do; tight axes fall back to the size of the other labels. */
const CLASS_LABEL_SIZE = 13;

/** The width that the longest name needs to stand upright beside its neighbours. */
export const roomFor = (names: readonly string[]): number => widestText(names, CLASS_LABEL_SIZE) + 14;

/** Settings of an axis for class names that are `step` pixels apart. */
export function labelStyle(step: number) {
  const labelFontSize = step >= CLASS_LABEL_SIZE + 2 ? CLASS_LABEL_SIZE : LABEL_SIZE;
  return {
    labels: step >= LABEL_SIZE,
    labelFontSize,
    labelColor: COLORS.ink,
    labelLimit: 140,
    labelOverlap: false,
  } as const;
}

/** The same along a horizontal axis: upright where the widest name has room, otherwise turned by a quarter. */
export function horizontalLabels(names: readonly string[], step: number, side: "top" | "bottom") {
  const style = labelStyle(step);
  const turned = {
    labelAngle: -90,
    labelAlign: side === "top" ? "left" : "right",
    labelBaseline: "middle",
  } as const;
  return {
    orient: side,
    ticks: false,
    labelPadding: 5,
    ...style,
    ...(widestText(names, style.labelFontSize) <= step ? { labelAngle: 0 } : turned),
  };
}
