// The chosen photo with its answer and the places that speak for it.
import type { PageSettings } from "fovea/experiment";
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../frame/sentence.ts";
import { Refusal } from "../ui/refusal.tsx";
import { AnswerBody } from "./answer-body.tsx";
import type { Engine } from "./engine.ts";
import { type AskedPhoto, broughtFrom } from "./use-asked-photos.ts";

interface Props {
  readonly engine: Engine;
  readonly settings: PageSettings;
  readonly photo: AskedPhoto;
}

export function PhotoAnswer({ engine, settings, photo }: Props) {
  const [index, setIndex] = useState<number>();
  const { name, picture, answer, milliseconds, error } = photo;
  const { task } = engine.facts;
  const hasAnswer = answer !== undefined && !("error" in answer);
  const chosen = index ?? (hasAnswer && "top" in answer ? answer.top[0]?.index : undefined);
  return (
    <section class="card asked answered" aria-label={`The answer about ${name}`}>
      <div class="stack">
        <img class="photo" src={picture} alt={name} />
        <bdi class="muted">{name}</bdi>
      </div>
      <div class="stack" aria-live="polite">
        <Refusal sentence={error} />
        {answer === undefined && error === undefined && <p class="muted">Asking ...</p>}
        {answer !== undefined && (
          <AnswerBody
            answer={answer}
            settings={settings}
            targets={task !== undefined && "targets" in task ? task.targets : []}
            explained={chosen}
            onExplain={setIndex}
          />
        )}
        {milliseconds !== undefined && <small>{milliseconds.toFixed(0)} ms</small>}
        {hasAnswer && task !== undefined && <Places engine={engine} photo={photo} index={index} />}
      </div>
    </section>
  );
}

interface PlacesProps {
  readonly engine: Engine;
  readonly photo: AskedPhoto;
  readonly index: number | undefined;
}

interface Shown {
  readonly address: string;
  readonly method: string;
  readonly of: string;
}

const METHODS: Readonly<Record<string, string>> = { gradcam: "Grad-CAM", saliency: "Saliency" };

/** The photo as the model gets it, and the places that speak for a class. */
function Places({ engine, photo, index }: PlacesProps) {
  const [shown, setShown] = useState<Shown>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    let isOver = false;
    let address: string | undefined;
    const look = async (): Promise<void> => {
      const brought = await broughtFrom(photo.name, photo.file);
      const { png, method, of } = await engine.ask("map", { photo: brought, index });
      if (isOver) return;
      address = URL.createObjectURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: "image/png" }));
      setShown({ address, method, of });
      setError(undefined);
    };
    look().catch((failure: unknown) => {
      if (!isOver) setError(sentenceOf(failure));
    });
    return () => {
      isOver = true;
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [engine, photo.number, index]);
  if (error !== undefined) return <small class="muted">No map: {error}</small>;
  if (shown === undefined) return <small class="muted">Looking where it looks ...</small>;
  return (
    <figure class="places">
      <img src={shown.address} alt={`Input of the model, and beside it the places that speak for ${shown.of}`} />
      <figcaption>
        What speaks for <bdi>{shown.of}</bdi> ({METHODS[shown.method] ?? shown.method}), on the photo as the model gets
        it
      </figcaption>
    </figure>
  );
}
