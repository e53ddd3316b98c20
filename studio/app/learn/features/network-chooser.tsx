// The choice of the network whose channels grow: the shipped one, or one's own.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { FileButton } from "../../ui/file-button.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { ask } from "../engine.ts";
import { chosenText, type NetworkView } from "./state.ts";

/** Counts the networks that were chosen. */
export const stamp = signal(0);

/** Another network has other layers. */
const AFRESH = { early: undefined, deep: undefined, step: undefined } as const;

const first = ({ path }: NetworkView["layers"][number]): string => chosenText({ layer: path, channel: 0 });

interface Props {
  readonly isMine: boolean;
  readonly name: string | undefined;
}

export function NetworkChooser({ isMine, name }: Props) {
  const [refused, setRefused] = useState<string>();
  const take = async (file: File): Promise<void> => {
    try {
      const view = await ask("keepNetwork", { bytes: new Uint8Array(await file.arrayBuffer()) });
      setRefused(undefined);
      stamp.value++;
      const { layers } = view;
      keepState({ ...AFRESH, model: "mine", early: first(layers[0]!), deep: first(layers.at(-1)!) });
    } catch (failure) {
      setRefused(sentenceOf(failure));
    }
  };
  return (
    <fieldset class="row network-chooser" aria-label="Network">
      <button type="button" aria-pressed={!isMine} onClick={() => keepState({ ...AFRESH, model: undefined })}>
        Handwriting, in the package
      </button>
      <FileButton title="My own network ..." accept=".keras,.h5,.onnx" onFile={take} />
      <small>
        {isMine && name !== undefined ? <bdi>{name}</bdi> : "a .keras, .h5 or .onnx file"}; it stays on this machine
      </small>
      <Refusal sentence={refused} />
    </fieldset>
  );
}
