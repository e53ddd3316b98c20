// Ranges of parameters and values that filter the trials: places on their axes, kept in the address.

/** The axis of a brush: a parameter by its position, `p0`, or the value, `v`. */
export type BrushKey = string;
export type Brushes = Readonly<Record<BrushKey, readonly [from: number, to: number]>>;

/** Reads `p0:0.2-0.55,v:0-0.3`; what it cannot read it leaves out. */
export function readBrushes(text: string | undefined): Brushes {
  const brushes: Record<BrushKey, readonly [number, number]> = {};
  for (const part of text?.split(",") ?? []) {
    const [, key, from, to] = /^(v|p\d{1,4}):(\d(?:\.\d+)?)-(\d(?:\.\d+)?)$/.exec(part) ?? [];
    if (key !== undefined && Number(from) <= Number(to)) brushes[key] = [Number(from), Number(to)];
  }
  return brushes;
}

/** The text of brushes; undefined for none. */
export function writeBrushes(brushes: Brushes): string | undefined {
  const parts = Object.entries(brushes).map(([key, [from, to]]) => `${key}:${rounded(from)}-${rounded(to)}`);
  return parts.length === 0 ? undefined : parts.join(",");
}

const rounded = (position: number): number => Number(Math.min(1, Math.max(0, position)).toFixed(4));

export function withBrush(brushes: Brushes, key: BrushKey, range: readonly [number, number] | undefined): Brushes {
  const { [key]: _, ...others } = brushes;
  return range === undefined ? others : { ...others, [key]: range };
}
