// Output size and number of weights: the formulas with the current values put in.
import { whole } from "../../frame/numbers.ts";
import { SizeFormulas } from "../parts/size-formulas.tsx";
import type { View } from "./view.ts";

export function Formulas({ facts, wish, window }: View) {
  const { filters, picture, parameters } = facts;
  const { size, strides, padding } = wish;
  const { channels } = picture;
  const weights = size * size * channels;
  return (
    <section class="formula formulas" aria-label="Formulas">
      <SizeFormulas window={window} input={picture} output={facts} />
      <p class="muted">
        ⌊(input + zeros before + zeros after − kernel) / stride⌋ + 1
        {padding === "same"
          ? `; "same" adds as many zeros as it takes for ⌈input / stride⌉ = ⌈${picture.height} / ${strides}⌉`
          : '; "valid" adds no zeros'}
      </p>
      <p>
        weights: {size} · {size} · {channels} = <strong>{weights}</strong> a filter, and a bias; {filters} · ({weights}{" "}
        + 1) = <strong>{whole(parameters)}</strong> parameters, whatever the size of the picture
      </p>
    </section>
  );
}
