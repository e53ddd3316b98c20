// The settings of the layer: channels, kernel size, stride, padding, filters, ReLU.
import { memo } from "preact/compat";
import { keepState } from "../../frame/address.ts";
import { Choice } from "../parts/choice.tsx";
import { ColorChoice, SideChoice } from "../parts/picture-choices.tsx";
import { PADDINGS } from "../parts/window.ts";
import { FILTER_COUNTS, type Settings, SIZES, STRIDES } from "./state.ts";

export const Controls = memo(({ settings }: { readonly settings: Settings }) => {
  const { name, side, color, size, stride, padding, filters, relu } = settings;
  return (
    <div class="controls">
      <ColorChoice color={color} />
      <Choice
        label="Kernel"
        name="size"
        values={SIZES.map(String)}
        value={String(size)}
        titles={{ 1: "1 × 1", 3: "3 × 3", 5: "5 × 5" }}
      />
      <Choice label="Stride" name="stride" values={STRIDES.map(String)} value={String(stride)} />
      <Choice label="Padding" name="padding" values={PADDINGS} value={padding} />
      <Choice
        label="Filters"
        name="filters"
        values={FILTER_COUNTS.map(String)}
        value={String(filters.length)}
        // The newest filter is the one to look at.
        with={(count) => ({ filter: count })}
      />
      <SideChoice name={name} side={side} />
      <label>
        <input
          type="checkbox"
          checked={relu}
          onChange={({ currentTarget }) => keepState({ relu: currentTarget.checked ? "1" : undefined })}
        />
        ReLU
      </label>
    </div>
  );
});
