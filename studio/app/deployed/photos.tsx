// Photos that are dropped, pasted, chosen or filmed, and the model's answers about them: the chosen one in full, all of them
// as a list, as CSV and as JSON.
import type { PageSettings } from "fovea/experiment";
import { useEffect, useState } from "preact/hooks";
import { whole } from "../frame/numbers.ts";
import { sentenceOf } from "../frame/sentence.ts";
import { saveBlob } from "../host/save.ts";
import { FileButton } from "../ui/file-button.tsx";
import { Refusal } from "../ui/refusal.tsx";
import { Camera } from "./camera.tsx";
import type { Engine } from "./engine.ts";
import { PhotoAnswer } from "./photo-answer.tsx";
import { PhotoList } from "./photo-list.tsx";
import { type AskedPhoto, useAskedPhotos } from "./use-asked-photos.ts";

interface Props {
  readonly engine: Engine;
  readonly settings: PageSettings;
}

/** Takes files that are pasted or dropped anywhere on the page. */
function useBrought(take: (files: readonly File[]) => void): void {
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => take([...(clipboardData?.files ?? [])]);
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("paste", paste);
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("paste", paste);
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  });
}

export function Photos({ engine, settings }: Props) {
  const { photos, ask, clear } = useAskedPhotos(engine);
  const [chosen, setChosen] = useState<number>();
  const [isFilming, setFilming] = useState(false);
  const shown = photos.find(({ number }) => number === chosen) ?? photos.at(-1);
  const take = (files: readonly File[]): void => {
    if (files.length === 0) return;
    setChosen(undefined);
    ask(files);
  };
  useBrought(take);
  return (
    <div class="deployed">
      <section class="stack sources" aria-label="Photos">
        <div class="drop">
          <span>Drop or paste photos here, or</span>
          <FileButton title="Choose photos ..." accept="image/*" multiple onFiles={take} />
          <button type="button" aria-pressed={isFilming} onClick={() => setFilming(!isFilming)}>
            Camera
          </button>
        </div>
        {isFilming && <Camera engine={engine} settings={settings} onKeep={(photo) => take([photo])} />}
      </section>
      {shown !== undefined && <PhotoAnswer key={shown.number} engine={engine} settings={settings} photo={shown} />}
      {photos.length > 0 && (
        <section class="stack others" aria-label="All photos">
          <PhotoList photos={photos} shown={shown?.number} onChoose={setChosen} />
          <Saving engine={engine} photos={photos} name={settings.name} onClear={clear} />
        </section>
      )}
    </div>
  );
}

interface SavingProps {
  readonly engine: Engine;
  readonly photos: readonly AskedPhoto[];
  readonly name: string;
  readonly onClear: () => void;
}

/** The answers as files, once all are there. */
function Saving({ engine, photos, name, onClear }: SavingProps) {
  const [error, setError] = useState<string>();
  const open = photos.filter(({ answer, error }) => answer === undefined && error === undefined).length;
  const saveCsv = async (): Promise<void> => {
    try {
      setError(undefined);
      const numbers = photos.map(({ number }) => number);
      saveBlob(new Blob([await engine.ask("csv", { numbers })], { type: "text/csv" }), `${name}.csv`);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  const saveJson = (): void => {
    const predictions = photos.flatMap(({ answer }) => answer ?? []);
    saveBlob(
      new Blob([`${JSON.stringify({ predictions }, undefined, 2)}\n`], { type: "application/json" }),
      `${name}.json`,
    );
  };
  return (
    <div class="stack">
      <div class="row">
        <button type="button" disabled={open > 0} onClick={saveCsv}>
          Save CSV
        </button>
        <button type="button" disabled={open > 0} onClick={saveJson}>
          Save JSON
        </button>
        <button type="button" class="plain" onClick={onClear}>
          Clear
        </button>
        {open > 0 && <small role="status">{whole(open)} to go</small>}
      </div>
      <Refusal sentence={error} />
    </div>
  );
}
