// The photo with the places that spoke for the model's answer laid over it.
import { useEffect, useState } from "preact/hooks";
import { METHODS } from "../../../contract/files.js";
import { host } from "../../host/index.js";

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
  const [source, setSource] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    setSource(undefined);
    host()
      .then((way) => way.file("explanation", { project, run, image: String(image), method }))
      .then(
        (address) => isCurrent && setSource(address),
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [project, run, image, method]);
  return (
    <div class="why">
      <fieldset class="row" aria-label="How its attention is found">
        {METHODS.map((name) => (
          <button key={name} type="button" class="plain" aria-pressed={method === name} onClick={() => setMethod(name)}>
            {TITLES[name]}
          </button>
        ))}
      </fieldset>
      {source !== undefined && <img src={source} alt={`The image, and where the model looked by ${TITLES[method]}`} />}
    </div>
  );
}
