// One layer: its shapes, its parameters and what they come from, and what it makes of the picture.
import { address, keepState } from "../../frame/address.ts";
import { percent, whole } from "../../frame/numbers.ts";
import type { LayerFacts, LayerMaps, NetworkFacts } from "./facts.ts";
import { type Formula, parameterFormula, settingsText, shapeText, sizeFormulas, workFormula } from "./formulas.ts";
import { LayerChannels } from "./layer-channels.tsx";

interface Props {
  readonly network: NetworkFacts;
  readonly layer: LayerFacts;
  readonly maps: LayerMaps | undefined;
  /** Stands in the place of the maps where there are none. */
  readonly children?: preact.ComponentChildren;
}

export function LayerPanel({ network, layer, maps, children }: Props) {
  const channel = Number(address.value.state.channel ?? 0) || 0;
  return (
    <section class="layer-panel" aria-label={`Layer ${layer.name}`}>
      <div class="stack">
        <h2>
          {layer.name} <span class="muted">{settingsText(layer)}</span>
        </h2>
        <div class="formula">
          <Line what="takes" value={shapeText(layer.input)} />
          <Line what="puts out" value={shapeText(layer.output)} />
          {sizeFormulas(layer).map((formula, axis) => (
            <Line
              key={axis === 0 ? "height" : "width"}
              what={sizeFormulas(layer).length === 1 ? "height and width" : axis === 0 ? "height" : "width"}
              {...shown(formula)}
            />
          ))}
          <Line what="parameters" id="layer-parameters" {...shown(parameterFormula(layer))} />
          <Line
            what="of all"
            value={`${whole(layer.params)} of ${whole(network.params)} = ${percent(layer.params / network.params)}`}
          />
          {workFormula(layer) && <Line what="multiplications" {...shown(workFormula(layer)!)} />}
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
