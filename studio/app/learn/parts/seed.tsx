// The seed of what is drawn at random, as a field.
import { keepState } from "../../frame/address.ts";
import { LARGEST_SEED } from "../../frame/whole.ts";

interface Props {
  /** A name that says what is drawn from the seed. */
  readonly label: string;
  readonly seed: number;
  /** Further state that ends with another seed. */
  readonly with?: Readonly<Record<string, undefined>>;
}

export function Seed({ label, seed, with: further = {} }: Props) {
  return (
    <label>
      {label}{" "}
      <input
        class="seed"
        type="number"
        min={0}
        max={LARGEST_SEED}
        value={seed}
        onChange={({ currentTarget }) => keepState({ seed: currentTarget.value, ...further })}
      />
    </label>
  );
}
