// All layers with what they put out and their parameters, as papers and `summary()` list them.

import type { NetworkFacts } from "../../contract/network-facts.js";
import { whole } from "../frame/numbers.ts";
import { parameterFormula, settingsText, shapeText } from "./formulas.ts";

interface Props {
  readonly network: NetworkFacts;
  readonly chosen: string;
  readonly onChoose: (layer: string) => void;
}

export function LayerTable({ network, chosen, onChoose }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="layer-table" aria-label="All layers" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Kind</th>
            <th scope="col">Puts out</th>
            <th scope="col">Parameters from</th>
            <th scope="col" class="number">
              Parameters
            </th>
          </tr>
        </thead>
        <tbody>
          {network.layers.map((layer) => (
            <tr key={layer.name} data-chosen={layer.name === chosen}>
              <td>
                <button type="button" class="plain" onClick={() => onChoose(layer.name)}>
                  {layer.name}
                </button>
              </td>
              <td>{settingsText(layer)}</td>
              <td>{shapeText(layer.output)}</td>
              <td>{layer.params > 0 && parameterFormula(layer).text}</td>
              <td class="number">{whole(layer.params)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row" colSpan={4}>
              All
            </th>
            <td class="number">{whole(network.params)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
