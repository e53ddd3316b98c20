// The greys of a map and the values that they stand for.

import type { Range } from "../../pixel-grid/paint.ts";
import { short } from "./number-text.ts";

export function ValueScale({ low, high }: Range) {
  return (
    <div class="value-scale">
      <span>{short(low)}</span>
      <i aria-hidden="true" />
      <span>{short(high)}</span>
    </div>
  );
}
