// The weights of the filter that is looked at, slice by slice, with its preset and its bias.
import { memo } from "preact/compat";
import { keepState } from "../../frame/address.ts";
import { channelNames } from "../parts/channels.ts";
import { isPreset, isShared, kernelOf, PRESETS, type PresetName, type Slices, textOf, weightOf } from "./kernels.ts";
import { biasName, kernelName, type Settings } from "./state.ts";
import { WeightCell } from "./weight-cell.tsx";

export const KernelEditor = memo(({ settings }: { readonly settings: Settings }) => {
  const { size, channels, filter: at } = settings;
  const filter = settings.filters[at]!;
  const shared = isShared(filter.text);
  const keep = (slices: Slices): void => keepState({ [kernelName(at)]: textOf(slices) });
  const change = (channel: number, cell: number, weight: string): void =>
    keep(
      shared
        ? [filter.slices[0]!.with(cell, weight)]
        : filter.slices.map((slice, c) => (c === channel ? slice.with(cell, weight) : slice)),
    );
  return (
    <div class="kernel">
      <h2>
        Kernel{" "}
        <small>
          {size} × {size} × {channels}
        </small>
      </h2>
      <PresetSelect settings={settings} />
      {channelNames(channels).map((name, channel) => (
        <fieldset key={name} class={`slice ${name}`}>
          <legend>{name}</legend>
          <div class="weights" data-size={size}>
            {filter.slices[channel]!.map((weight, cell) => (
              <WeightCell
                key={cell}
                label={`Weight of ${name}, row ${Math.floor(cell / size)}, column ${cell % size}`}
                text={weight}
                onChange={(text) => change(channel, cell, text)}
              />
            ))}
          </div>
        </fieldset>
      ))}
      {channels === 3 && (
        <label class="shared">
          <input
            type="checkbox"
            checked={shared}
            onChange={({ currentTarget }) =>
              keep(currentTarget.checked ? [filter.slices[0]!] : kernelOf(filter.text, size, 3))
            }
          />
          same for all channels
        </label>
      )}
      <div class="row">
        <span aria-hidden="true">bias</span>
        <WeightCell
          label="Bias"
          text={String(filter.bias)}
          onChange={(text) => keepState({ [biasName(at)]: String(weightOf(text)) })}
        />
      </div>
    </div>
  );
});

function PresetSelect({ settings }: { readonly settings: Settings }) {
  const { filter: at, size, filters } = settings;
  const { text } = filters[at]!;
  const choose = (name: PresetName): void => {
    const wanted = PRESETS[name].size;
    // A kernel of 3 by 3 fits into one of 5 by 5; one of 1 by 1 is meant to look at single pixels.
    const fits = wanted === 1 ? size === 1 : size >= wanted;
    keepState({
      [kernelName(at)]: name,
      ...(fits ? {} : { size: String(wanted) }),
      ...(name === "yellow" ? { color: "rgb" } : {}),
    });
  };
  return (
    <select
      aria-label="Preset"
      value={isPreset(text) ? text : ""}
      onChange={({ currentTarget }) => choose(currentTarget.value as PresetName)}
    >
      <option value="" disabled>
        Your own
      </option>
      {Object.entries(PRESETS).map(([name, { title }]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}
