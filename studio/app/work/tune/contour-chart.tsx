// Contour: a value over two parameters that one chooses, as bands of colour, with the trials on them.
import { useMemo } from "preact/hooks";
import { mixed, type Palette } from "../../charts/palette.ts";
import { type Area, Plot } from "../../charts/plot.tsx";
import { drawPoints } from "../../charts/points.ts";
import { address, keepState } from "../../frame/address.ts";
import { type ChartProps, pointingAt } from "./chart-props.ts";
import { SIDE, type Surface, surfaceOf } from "./surface.ts";

const BANDS = 8;

interface Props extends ChartProps {
  /** Positions of the parameters, the most important first. */
  readonly order: readonly number[];
}

export function ContourChart({ model, selection, order }: Props) {
  const { axes, places, good, trials, valueAxis } = model;
  const chosen = (key: "x" | "y", other: number | undefined): number | undefined => {
    const wanted = Number(address.value.state[key] ?? Number.NaN);
    return order.includes(wanted) && wanted !== other ? wanted : order.find((position) => position !== other);
  };
  const first = chosen("x", undefined);
  const second = chosen("y", first);
  const { inside, kept } = selection;
  const [x, y] = [places[first ?? 0]!, places[second ?? 0]!];
  const draw = useMemo(
    () => (pen: CanvasRenderingContext2D, area: Area, colors: Palette) => {
      if (first === undefined || second === undefined) return;
      drawSurface(pen, area, colors, surfaceOf(inside, x, y, good, [axes[first]!, axes[second]!]));
      const size = inside.length > 1000 ? 1.5 : 3;
      drawPoints(pen, area, x, y, inside, { color: colors.ink, size, alpha: inside.length > 1000 ? 0.35 : 0.7 });
    },
    [model, inside, first, second],
  );
  if (first === undefined || second === undefined)
    return <p class="muted">A contour needs two parameters that differ between trials.</p>;
  const [best] = trials.view.front;
  return (
    <>
      <div class="row">
        {(["x", "y"] as const).map((key) => (
          <label key={key} class="inline">
            {key === "x" ? "Across" : "Up"}
            <select
              value={key === "x" ? first : second}
              onChange={({ currentTarget }) => keepState({ [key]: currentTarget.value })}
            >
              {order.map((position) => (
                <option key={position} value={position} disabled={key === "y" && position === first}>
                  {axes[position]!.title}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <Plot
        label={`Contour: ${valueAxis.title} over ${axes[first]!.title} and ${axes[second]!.title}, ${inside.length} trials`}
        x={axes[first]!}
        y={axes[second]!}
        height={280}
        draw={draw}
        pointing={pointingAt(model, x, y, inside)}
      >
        {(area) =>
          best !== undefined &&
          kept[best] === 1 &&
          Number.isFinite(x[best]! + y[best]!) && (
            <circle class="picked" cx={area.x(x[best]!)} cy={area.y(y[best]!)} r={4} />
          )
        }
      </Plot>
      <small>Deep colour is good, what fades was hardly tried; the best trial is ringed.</small>
    </>
  );
}

function drawSurface(pen: CanvasRenderingContext2D, area: Area, colors: Palette, { good, known }: Surface): void {
  const image = new ImageData(SIDE, SIDE);
  const bands = Array.from({ length: BANDS }, (_, band) =>
    mixed(colors.soft, colors.right, 0.12 + (0.88 * band) / (BANDS - 1))
      .slice(4, -1)
      .split(",")
      .map(Number),
  );
  for (let at = 0; at < good.length; at++) {
    const band = bands[Math.min(BANDS - 1, Math.floor(good[at]! * BANDS))]!;
    image.data.set([...band, Math.round(200 * known[at]!)], 4 * at);
  }
  const small = new OffscreenCanvas(SIDE, SIDE);
  small.getContext("2d")!.putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.drawImage(small, area.left, area.top, area.width, area.height);
}
