// One weight to type, such as -1, 0.5 or 1/9; arrow keys add and take one. Text that is no number yet stays in the cell alone.
import { useState } from "preact/hooks";
import { short } from "../parts/number-text.ts";
import { weightOf } from "./kernels.ts";

interface Props {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function WeightCell({ label, text, onChange }: Props) {
  const [draft, setDraft] = useState<string>();
  const value = weightOf(text) ?? 0;
  const type = (typed: string): void => {
    setDraft(typed);
    if (weightOf(typed) !== undefined) onChange(typed.trim().replace(",", "."));
  };
  const step = (by: number): void => {
    setDraft(undefined);
    onChange(String(Number((value + by).toFixed(6))));
  };
  return (
    <input
      type="text"
      class="weight"
      inputMode="decimal"
      autocomplete="off"
      aria-label={label}
      aria-invalid={draft !== undefined && weightOf(draft) === undefined}
      title={short(value)}
      data-sign={Math.sign(value)}
      value={draft ?? text}
      onInput={({ currentTarget }) => type(currentTarget.value)}
      onBlur={() => setDraft(undefined)}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        step(event.key === "ArrowUp" ? 1 : -1);
      }}
    />
  );
}
