// The photo with the places that spoke for the model's answer laid over it.
import { useState } from "preact/hooks";
import { METHODS } from "../../../contract/files.js";
import { Refusal } from "../../ui/refusal.tsx";
import { reasonOf, useFile } from "../../ui/use-file.ts";

interface Props {
  readonly project: string;
  readonly run: string;
  readonly image: number;
}

const TITLES: Readonly<Record<(typeof METHODS)[number], string>> = {
  gradcam: "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  saliency: "Saliency",
  occlusion: "Occlusion",
};

export function Why({ project, run, image }: Props) {
  const [method, setMethod] = useState<(typeof METHODS)[number]>("gradcam");
  const { address, error } = useFile("explanation", { project, run, image: String(image), method });
  const [refused, setRefused] = useState<{ readonly address: string; readonly sentence: string }>();
  const sentence = error ?? (refused?.address === address ? refused?.sentence : undefined);
  return (
    <div class="why">
      <fieldset class="row" aria-label="How its attention is found">
        {METHODS.map((name) => (
          <button key={name} type="button" class="plain" aria-pressed={method === name} onClick={() => setMethod(name)}>
            {TITLES[name]}
          </button>
        ))}
      </fieldset>
      {sentence !== undefined ? (
        <Refusal sentence={sentence} />
      ) : (
        address !== undefined && (
          <img
            src={address}
            alt={`The image, and where the model looked by ${TITLES[method]}`}
            onError={async () => setRefused({ address, sentence: await reasonOf(address) })}
          />
        )
      )}
    </div>
  );
}
