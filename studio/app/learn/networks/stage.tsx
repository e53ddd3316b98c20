// LeNet-5, AlexNet, the lecture's CNN and a trained network as diagrams that are the model; a residual block.
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { seedIn } from "../../frame/whole.ts";
import { Diagram } from "../../network/diagram.tsx";
import { LayerPanel } from "../../network/layer-panel.tsx";
import { LayerTable } from "../../network/layer-table.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { Choice } from "../parts/choice.tsx";
import { Seed } from "../parts/seed.tsx";
import { pictureName, stamp } from "../picture/picture.ts";
import { PictureChooser } from "../picture/picture-chooser.tsx";
import type { NetworkName } from "./facts.ts";
import { Residual } from "./residual.tsx";
import { FALLBACK, FIRST_LAYERS, SHOWN, shownOf, TITLES } from "./state.ts";
import "./networks.css";

export function Networks() {
  const shown = shownOf(address.value.state);
  return (
    <>
      <Choice
        label="Network"
        name="net"
        values={SHOWN}
        titles={TITLES}
        value={shown}
        with={() => ({ layer: undefined, channel: undefined })}
      />
      {shown === "residual" ? <Residual /> : <Network key={shown} name={shown} />}
    </>
  );
}

const LEARNED: Readonly<Record<NetworkName, string>> = {
  lenet5: "Fresh weights, nothing learned yet",
  alexnet: "Fresh weights, nothing learned yet",
  cnn: "Fresh weights, nothing learned yet",
  hanzi: "Learned from 600 written characters; in the package",
};

function Network({ name }: { readonly name: NetworkName }) {
  const { state } = address.value;
  const seed = seedIn(state);
  const facts = useEngine("network", { network: name, seed });
  // AlexNet's 62 million weights are drawn only for those who want to see them at work.
  const [isWanted, setWanted] = useState(name !== "alexnet");
  const image = { name: pictureName(FALLBACK), stamp: stamp.value };
  const found = useEngine("activations", isWanted ? { network: name, seed, image } : undefined);
  const network = facts.output;
  if (network === undefined)
    return facts.error === undefined ? (
      <p class="muted">Opening the network ...</p>
    ) : (
      <Refusal sentence={facts.error} />
    );
  const maps = new Map(found.output?.layers.map((layer) => [layer.layer, layer]));
  const layer =
    network.layers.find((each) => each.name === state.layer) ??
    network.layers.find((each) => each.name === FIRST_LAYERS[name]) ??
    network.layers[0]!;
  const choose = (chosen: string): void => keepState({ layer: chosen, channel: undefined });
  return (
    <>
      <p class="network-total">
        <span class="figure" id="parameters">
          {whole(network.params)}
        </span>{" "}
        parameters <span class="muted">· {LEARNED[name]}</span>
      </p>
      <Diagram network={network} maps={maps} chosen={layer.name} onChoose={choose} />
      <div class="controls">
        <PictureChooser fallback={FALLBACK} />
        {name !== "hanzi" && <Seed label="Seed of the weights" seed={seed} />}
      </div>
      <Refusal sentence={found.error} />
      <LayerPanel isBusy={found.isComputing} network={network} layer={layer} maps={maps.get(layer.name)}>
        <div class="quiet">
          {isWanted ? (
            found.error === undefined && <p class="muted">Computing the layers' outputs for the picture ...</p>
          ) : (
            <>
              <p>
                To compute the outputs of AlexNet's layers for the picture, its {whole(network.params)} weights are
                drawn: about 250 MB of memory and some seconds.
              </p>
              <button type="button" class="primary" onClick={() => setWanted(true)}>
                Compute its activations
              </button>
            </>
          )}
        </div>
      </LayerPanel>
      <LayerTable network={network} chosen={layer.name} onChoose={choose} />
    </>
  );
}
