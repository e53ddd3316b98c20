// A byte on its own light: red, green, blue or grey; dashed where it is a zero of the padding.
import { isDark } from "../../pixel-grid/paint.ts";

interface Props {
  readonly value: number;
  readonly channel: string;
  readonly isOutside?: boolean;
}

export function Light({ value, channel, isOutside = false }: Props) {
  if (isOutside)
    return (
      <span class="light" data-outside="true">
        {value}
      </span>
    );
  const [red, green, blue] = ["red", "green", "blue"].map((color) =>
    channel === "grey" || channel === color ? value : 0,
  ) as [number, number, number];
  return (
    <span
      class="light"
      style={{ background: `rgb(${red} ${green} ${blue})`, color: isDark(red, green, blue) ? "#fff" : "#000" }}
    >
      {value}
    </span>
  );
}
