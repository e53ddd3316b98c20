// The filters of a study: how many trials they leave, each as a chip, and all of them by hand for those who use keys.
import { whole } from "../../frame/numbers.ts";
import type { ChartProps } from "./chart-props.ts";
import { brush, brushesNow, clearBrushes } from "./selection.ts";
import { axisOf } from "./study-model.ts";

interface Props extends ChartProps {
  readonly order: readonly number[];
}

export function Filters({ model, selection: { kept, count }, order }: Props) {
  const brushes = brushesNow();
  const keys = [...order.map((position) => `p${position}`), "v"];
  const used = Object.entries(brushes).filter(([key]) => axisOf(model, key) !== undefined);
  return (
    <section class="filters" aria-label="Filters">
      <div class="row">
        <strong role="status">
          {used.length === 0 ? `All ${whole(kept.length)} trials` : `${whole(count)} of ${whole(kept.length)} trials`}
        </strong>
        {used.map(([key, [from, to]]) => {
          const axis = axisOf(model, key)!;
          return (
            <button key={key} type="button" class="chip" onClick={() => brush(key, undefined)}>
              <span class="visually-hidden">Take off the filter </span>
              <bdi>{axis.title}</bdi> {axis.textAt(from)} – {axis.textAt(to)} <span aria-hidden="true">×</span>
            </button>
          );
        })}
        {used.length > 1 && (
          <button type="button" class="plain" onClick={clearBrushes}>
            Clear
          </button>
        )}
      </div>
      <details>
        <summary>Filter by hand</summary>
        <div class="sliders">
          {keys.map((key) => {
            const axis = axisOf(model, key)!;
            const [from, to] = brushes[key] ?? [0, 1];
            const change = (range: readonly [number, number]): void =>
              brush(key, range[0] <= 0 && range[1] >= 1 ? undefined : range);
            return (
              <fieldset key={key}>
                <legend>
                  <bdi>{axis.title}</bdi>{" "}
                  <small>
                    {axis.textAt(from)} – {axis.textAt(to)}
                  </small>
                </legend>
                <Slider
                  label={`${axis.title}, from`}
                  value={from}
                  text={axis.textAt(from)}
                  onChange={(value) => change([Math.min(value, to), to])}
                />
                <Slider
                  label={`${axis.title}, to`}
                  value={to}
                  text={axis.textAt(to)}
                  onChange={(value) => change([from, Math.max(value, from)])}
                />
              </fieldset>
            );
          })}
        </div>
      </details>
    </section>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  readonly onChange: (value: number) => void;
}

const Slider = ({ label, value, text, onChange }: SliderProps) => (
  <input
    type="range"
    min={0}
    max={1}
    step={0.01}
    value={value}
    aria-label={label}
    aria-valuetext={text}
    onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
  />
);
