// The search space: which parameters are searched, from where to where, and what the others are.
import { useId } from "preact/hooks";
import type { Tuned, TuneSettings } from "../../../contract/study-calls.js";
import { PARAMETERS, type TunedParameter } from "./settings.ts";

interface Props {
  readonly settings: TuneSettings;
  readonly onChange: (changes: Partial<TuneSettings>) => void;
}

export function SpaceFields({ settings, onChange }: Props) {
  const { ranges, network } = settings;
  const change = (name: Tuned, range: { readonly from: number; readonly to: number }): void =>
    onChange({ ranges: { ...ranges, [name]: range } });
  return (
    <fieldset class="space">
      <legend>Searched</legend>
      {PARAMETERS.filter(({ isOfParts }) => network === "parts" || !isOfParts).map((parameter) => (
        <Row
          key={parameter.name}
          parameter={parameter}
          range={ranges[parameter.name]}
          onChange={(range) => change(parameter.name, range)}
        />
      ))}
    </fieldset>
  );
}

interface RowProps {
  readonly parameter: TunedParameter;
  readonly range: { readonly from: number; readonly to: number };
  readonly onChange: (range: { readonly from: number; readonly to: number }) => void;
}

function Row({ parameter, range, onChange }: RowProps) {
  const { title, help, least, most, step, fixed } = parameter;
  const id = useId();
  const isSearched = range.from !== range.to;
  const field = (label: string, value: number, change: (value: number) => void) => (
    <input
      type="number"
      aria-label={label}
      {...{ min: least, max: most, step, value }}
      onChange={({ currentTarget }) => {
        const wanted = currentTarget.valueAsNumber;
        if (Number.isFinite(wanted)) change(Math.min(most, Math.max(least, wanted)));
        else currentTarget.value = String(value);
      }}
    />
  );
  return (
    <div class="space-row">
      <label>
        <input
          type="checkbox"
          aria-describedby={id}
          checked={isSearched}
          onChange={({ currentTarget }) => {
            const [from, to] = parameter.range;
            onChange(currentTarget.checked ? { from, to } : { from: fixed, to: fixed });
          }}
        />
        {title}
      </label>
      {isSearched ? (
        <span class="range">
          {field(`${title}, from`, range.from, (from) => onChange({ from, to: Math.max(from, range.to) }))}
          <span aria-hidden="true">–</span>
          {field(`${title}, to`, range.to, (to) => onChange({ from: Math.min(to, range.from), to }))}
        </span>
      ) : (
        <span class="range">{field(title, range.from, (value) => onChange({ from: value, to: value }))}</span>
      )}
      <small id={id}>{help}</small>
    </div>
  );
}
