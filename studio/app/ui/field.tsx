// A labelled control with a sentence that says what it means.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./field.css";

interface Props {
  readonly label: string;
  /** A sentence about the setting, for somebody who has never set it. */
  readonly help?: string | undefined;
  readonly children: (id: string) => ComponentChildren;
}

export function Field({ label, help, children }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
      {help !== undefined && <small>{help}</small>}
    </div>
  );
}

interface NumberProps {
  readonly label: string;
  readonly help?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number | "any";
  readonly onChange: (value: number) => void;
}

/** A number that only changes to what may be set. */
export function NumberField({ label, help, value, min, max, step = 1, onChange }: NumberProps) {
  return (
    <Field label={label} help={help}>
      {(id) => (
        <input
          id={id}
          type="number"
          {...{ min, max, step, value }}
          onChange={({ currentTarget }) => {
            const wanted = currentTarget.valueAsNumber;
            if (Number.isFinite(wanted)) onChange(Math.min(max, Math.max(min, wanted)));
            currentTarget.value = String(Number.isFinite(wanted) ? Math.min(max, Math.max(min, wanted)) : value);
          }}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly help?: string | undefined;
  readonly value: T;
  readonly options: readonly (readonly [value: T, title: string])[];
  readonly onChange: (value: T) => void;
}

/** One of some values, each with its title. */
export const ChoiceField = <T extends string>({ label, help, value, options, onChange }: ChoiceProps<T>) => (
  <Field label={label} help={help}>
    {(id) => (
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as T)}>
        {options.map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    )}
  </Field>
);
