// The colours of a picture and how many pixels have each, the most frequent first.
import { useMemo } from "preact/hooks";
import { whole } from "../../frame/numbers.ts";
import type { PictureFacts } from "../engine/pictures.ts";

const SHOWN = 5;

export function Colors({ picture }: { readonly picture: PictureFacts }) {
  const counts = useMemo(() => countsOf(picture.data), [picture]);
  const rest = counts.length - SHOWN;
  return (
    <ul class="colors" aria-label="Colours">
      {counts.slice(0, SHOWN).map(([color, count]) => (
        <li key={color}>
          <svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">
            <rect width="1" height="1" fill={`rgb(${color})`} />
          </svg>
          {whole(count)} × ({color.replaceAll(",", ", ")})
        </li>
      ))}
      {rest > 0 && <li class="muted">and {whole(rest)} other colours</li>}
    </ul>
  );
}

function countsOf(data: Uint8Array): readonly (readonly [color: string, count: number])[] {
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += 3) {
    const color = data.subarray(at, at + 3).join(",");
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
