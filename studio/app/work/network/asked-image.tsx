// The picture that a network is watched with: one of the project by its number, or a file that the reader brings along.
import { useState } from "preact/hooks";
import type { AskedInput } from "../../../contract/call.js";
import type { ProjectFacts } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { base64Of } from "../../ui/asking.ts";
import { FileButton } from "../../ui/file-button.tsx";
import { Photo } from "../../ui/photo.tsx";
import { Refusal } from "../../ui/refusal.tsx";

/** A file of the reader's, with an address of its picture. */
export interface Brought {
  readonly name: string;
  readonly base64: string;
  readonly picture: string;
}

/** The image to ask about; undefined where there is none yet. */
export function askedImage({ images }: ProjectFacts, brought: Brought | undefined): AskedInput | undefined {
  if (brought !== undefined) return { name: brought.name, base64: brought.base64 };
  if (images === 0) return undefined;
  const wanted = Number(address.value.state.image ?? 0);
  return Number.isInteger(wanted) && wanted >= 0 && wanted < images ? wanted : 0;
}

interface Props {
  readonly project: ProjectFacts;
  readonly brought: Brought | undefined;
  readonly onBring: (brought: Brought | undefined) => void;
}

export function ImageChoice({ project, brought, onBring }: Props) {
  const [error, setError] = useState<string>();
  const { id, images } = project;
  const number = askedImage(project, undefined);
  const bring = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setError(undefined);
    try {
      onBring({ name: file.name, base64: await base64Of(file), picture: URL.createObjectURL(file) });
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  const go = (to: number): void => {
    onBring(undefined);
    keepState({ image: String(to) });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field for a file does the same by keys
    <div
      class="image-choice"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        bring(event.dataTransfer?.files[0]);
      }}
    >
      {brought !== undefined ? (
        <img src={brought.picture} alt={brought.name} />
      ) : (
        typeof number === "number" && <Photo project={id} index={number} alt={`Image ${number + 1} of ${images}`} />
      )}
      <div class="stack">
        {typeof number === "number" && (
          <fieldset class="row" aria-label="Image of the project">
            <button type="button" disabled={number === 0} onClick={() => go(number - 1)}>
              Before
            </button>
            <label>
              Image{" "}
              <input
                type="number"
                min={1}
                max={images}
                value={number + 1}
                onChange={({ currentTarget }) =>
                  go(Math.min(images, Math.max(1, currentTarget.valueAsNumber || 1)) - 1)
                }
              />{" "}
              of {images}
            </label>
            <button type="button" disabled={number === images - 1} onClick={() => go(number + 1)}>
              Next
            </button>
          </fieldset>
        )}
        <div class="row">
          <FileButton title="Your own picture ..." accept="image/*" onFile={bring} />
        </div>
        <Refusal sentence={error} />
      </div>
    </div>
  );
}
