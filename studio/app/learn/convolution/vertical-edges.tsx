// Help with the kernel for vertical edges: the map that was made beside the one that is wanted, and how alike they are.
import { useMemo } from "preact/hooks";
import { address } from "../../frame/address.ts";
import { percent } from "../../frame/numbers.ts";
import { rangeOf, rgbaOfValues } from "../../pixel-grid/paint.ts";
import { PixelGrid } from "../../pixel-grid/pixel-grid.tsx";
import type { JobOutput } from "../engine/jobs.ts";
import { useEngine } from "../engine.ts";
import { kernelOf, PRESETS, textOf } from "./kernels.ts";
import { type Settings, settingsIn } from "./state.ts";
import { wishOf } from "./wish.ts";

export function VerticalEdges() {
  const settings = settingsIn(address.value.state);
  const drawn = useEngine("convolve", wishOf(alone(settings))).output;
  const wanted = useEngine("convolve", wishOf(alone(settings, textOf(PRESETS.sobel.slices)))).output;
  if (drawn === undefined || wanted === undefined || drawn.values.length !== wanted.values.length) return null;
  return (
    <div class="compared">
      <Compared facts={drawn} title="your map" />
      <Compared facts={wanted} title="wanted map" />
      <strong>{percent(likeness(drawn.values, wanted.values))} alike</strong>
    </div>
  );
}

/** The settings with one filter, the one that is looked at or another, and no ReLU. */
function alone(settings: Settings, text?: string): Settings {
  const { size, channels } = settings;
  const shown = settings.filters[settings.filter]!;
  const filter = text === undefined ? shown : { text, slices: kernelOf(text, size, channels), bias: 0 };
  return { ...settings, relu: false, filter: 0, filters: [filter] };
}

function Compared({ facts, title }: { readonly facts: JobOutput<"convolve">; readonly title: string }) {
  const { values, width, height } = facts;
  const rgba = useMemo(() => rgbaOfValues(values, rangeOf(values)), [values]);
  return (
    <figure>
      <PixelGrid label={title} rows={height} columns={width} rgba={rgba} cell={112 / width} />
      <figcaption>{title}</figcaption>
    </figure>
  );
}

/** The correlation of two maps, 0 to 1; light and dark may change places. */
function likeness(a: Float32Array, b: Float32Array): number {
  const [left, right] = [centred(a), centred(b)];
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const scale = Math.sqrt(dot(left, left) * dot(right, right));
  return scale === 0 ? 0 : Math.abs(dot(left, right)) / scale;
}

function centred(values: Float32Array): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array.from(values, (value) => value - mean);
}
