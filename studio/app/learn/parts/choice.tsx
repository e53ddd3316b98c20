// A choice among a few values, as buttons side by side; the chosen value is in the address.
import { keepState } from "../../frame/address.ts";

interface Props {
  readonly label: string;
  /** The name in the address. */
  readonly name: string;
  readonly values: readonly string[];
  readonly value: string;
  /** Words for values that are no words. */
  readonly titles?: Readonly<Record<string, string>>;
  /** Further state that goes with the choice. */
  readonly with?: (value: string) => Readonly<Record<string, string | undefined>>;
}

export function Choice({ label, name, values, value, titles = {}, with: further }: Props) {
  return (
    <fieldset class="choice" aria-label={label}>
      <span aria-hidden="true">{label}</span>
      {values.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === value}
          onClick={() => keepState({ [name]: choice, ...further?.(choice) })}
        >
          {titles[choice] ?? choice}
        </button>
      ))}
    </fieldset>
  );
}
