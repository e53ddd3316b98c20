// One layer: its shapes, its parameters as a formula, and its output for the picture.

import type { LayerFacts, NetworkFacts } from "../../contract/network-facts.js";
import { address, keepState } from "../frame/address.ts";
import { percent, whole } from "../frame/numbers.ts";
import { wholeIn } from "../frame/whole.ts";
import { type Formula, parameterFormula, settingsText, shapeText, sizeFormulas, workFormula } from "./formulas.ts";
import { LayerChannels } from "./layer-channels.tsx";
import type { LayerMaps } from "./maps.ts";

import "../ui/facts.css";
import "./network.css";

interface Props {
  readonly network: NetworkFacts;
  readonly layer: LayerFacts;
  readonly maps: LayerMaps | undefined;
  /** True while the maps are those of an earlier picture. */
  readonly isBusy: boolean;
  /** Stands in the place of the maps where there are none. */
  readonly children?: preact.ComponentChildren;
}

export function LayerPanel({ network, layer, maps, isBusy, children }: Props) {
  const channel = wholeIn(address.value.state.channel, 0, 0, Number.MAX_SAFE_INTEGER);
  const sizes = sizeFormulas(layer);
  const work = workFormula(layer);
  return (
    <section class="layer-panel" aria-label={`Layer ${layer.name}`} aria-busy={isBusy}>
      <div class="stack">
        <h2>
          {layer.name} <span class="muted">{settingsText(layer)}</span>
        </h2>
        <div class="formula">
          <Line what="takes" value={shapeText(layer.input)} />
          <Line what="puts out" value={shapeText(layer.output)} />
          {sizes.map((formula, axis) => (
            <Line
              key={axis === 0 ? "height" : "width"}
              what={sizes.length === 1 ? "height and width" : axis === 0 ? "height" : "width"}
              {...shown(formula)}
            />
          ))}
          <Line what="parameters" id="layer-parameters" {...shown(parameterFormula(layer))} />
          <Line
            what="of all"
            value={`${whole(layer.params)} of ${whole(network.params)} = ${percent(layer.params / network.params)}`}
          />
          {work && <Line what="multiplications" {...shown(work)} />}
        </div>
      </div>
      {maps === undefined ? (
        children
      ) : (
        <LayerChannels maps={maps} channel={channel} onChoose={(chosen) => keepState({ channel: String(chosen) })} />
      )}
    </section>
  );
}

const shown = ({ text, value }: Formula): { value: string } => ({
  value: value === 0 ? text : `${text} = ${whole(value)}`,
});

function Line({ what, value, id }: { readonly what: string; readonly value: string; readonly id?: string }) {
  return (
    <div class="fact">
      <span class="muted">{what}</span> <span id={id}>{value}</span>
    </div>
  );
}
