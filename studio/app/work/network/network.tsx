// Network: the layers of a run's or an opened model's own network, their maps for any image, the kernels that made these, and one
// number of a map down to its sum.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { OpenedNetwork } from "../../../contract/network-facts.js";
import { address, keepState } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { whole } from "../../frame/numbers.ts";
import { wholeIn } from "../../frame/whole.ts";
import { Diagram } from "../../network/diagram.tsx";
import { LayerPanel } from "../../network/layer-panel.tsx";
import { LayerTable } from "../../network/layer-table.tsx";
import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { askedImage, type Brought, ImageChoice } from "./asked-image.tsx";
import { codeOf } from "./code.ts";
import { Kernel } from "./kernel.tsx";
import "./network.css";
import { unpacked } from "./unpacked.ts";

export function Network({ project }: ViewProps) {
  const chosen = useRun(project);
  const run = chosen.run?.id;
  const { value: network, error } = useCall("network", run === undefined ? undefined : { project: project.id, run });
  if (chosen.runs === undefined) return <Opening title="Network" />;
  if (run === undefined)
    return (
      <NoRun project={project} title="Network">
        When a run has ended, this page shows its layers, what each puts out for any of your images, and the kernels
        that made it.
      </NoRun>
    );
  return (
    <div class="stack">
      <header class="row">
        <h1>Network</h1>
        <RunChoice {...chosen} />
      </header>
      {network === undefined ? (
        error === undefined ? (
          <p class="muted" role="status">
            Opening the network ...
          </p>
        ) : (
          <Refusal sentence={error} />
        )
      ) : (
        <Layers project={project} run={run} network={network} key={run} />
      )}
    </div>
  );
}

interface LayersProps extends ViewProps {
  readonly run: string;
  readonly network: OpenedNetwork;
}

function Layers({ project, run, network }: LayersProps) {
  const { state } = address.value;
  const [brought, setBrought] = useState<Brought>();
  useEffect(() => () => brought && URL.revokeObjectURL(brought.picture), [brought]);
  const image = askedImage(project, brought);
  const asked = image === undefined ? undefined : { project: project.id, run, image };
  const layer =
    network.layers.find(({ name }) => name === state.layer) ??
    network.layers.find(({ type }) => /Conv2D/.test(type)) ??
    network.layers.find(({ params }) => params > 0) ??
    network.layers[0]!;
  const previews = useCall("previews", asked);
  const found = useCall("layerMaps", asked && { ...asked, layer: layer.name });
  const small = useMemo(
    () => new Map((previews.value ?? previews.previous)?.map((maps) => [maps.layer, unpacked(maps)])),
    [previews.value, previews.previous],
  );
  // Maps of the picture before stay until those of the next come, those of another layer do not.
  const latest = found.value ?? (found.previous?.layer === layer.name ? found.previous : undefined);
  const maps = useMemo(() => latest && unpacked(latest), [latest]);
  useCode(useMemo(() => codeOf(network.path, layer.name), [network.path, layer.name]));
  const choose = (name: string): void => keepState({ layer: name, channel: undefined, at: undefined });
  const channel = wholeIn(state.channel, 0, 0, (layer.output.at(-1) ?? 1) - 1);
  return (
    <>
      <p class="network-total">
        <span class="figure">{whole(network.params)}</span> parameters{" "}
        <span class="muted">
          · {network.layers.length} layers, for images of {network.input[0]} × {network.input[1]} × {network.input[2]}
        </span>
      </p>
      <ImageChoice project={project} brought={brought} onBring={setBrought} />
      <Refusal sentence={previews.error} />
      <Diagram network={network} maps={small} chosen={layer.name} onChoose={choose} />
      <LayerPanel network={network} layer={layer} maps={maps} isBusy={found.value === undefined && asked !== undefined}>
        <div class="quiet">
          {found.error !== undefined ? (
            <Refusal sentence={found.error} />
          ) : (
            <p class="muted">
              {asked === undefined ? "Choose a picture to see its maps in the layer." : "Computing its maps ..."}
            </p>
          )}
        </div>
      </LayerPanel>
      {asked !== undefined && maps !== undefined && (
        <Kernel asked={asked} layer={layer} maps={maps} channel={channel} onLayer={choose} />
      )}
      <LayerTable network={network} chosen={layer.name} onChoose={choose} />
    </>
  );
}
