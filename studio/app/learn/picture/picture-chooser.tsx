// The choice of a picture: the four small ones, a written character, a file that is chosen, dropped or pasted.
import { useEffect, useRef, useState } from "preact/hooks";
import { keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { Pixels } from "../../pixel-grid/pixels.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { keepFile, pictureName, SMALL_PICTURES, stamp, wishFor } from "./picture.ts";
import "./picture-chooser.css";

/** Characters of the lecture that are simple enough for few pixels. */
const CHARACTERS = ["大", "人", "山", "田", "水", "火", "木", "鱼"] as const;

interface Props {
  /** The picture of an address that names none. */
  readonly fallback: string;
  /** Pictures of the page's own before the usual ones. */
  readonly children?: preact.ComponentChildren;
}

/** Sets `image` in the address. */
export function PictureChooser({ fallback, children }: Props) {
  const name = pictureName(fallback);
  const [error, setError] = useState<string>();
  const choose = (image: string): void => {
    setError(undefined);
    keepState({ image });
  };
  const take = async (file: File | null | undefined): Promise<void> => {
    if (!file) return;
    try {
      await keepFile(file);
      choose("mine");
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  const isOver = useFiles(take);
  const { output: isKept } = useEngine("isPictureKept", {});
  const isCharacter = (CHARACTERS as readonly string[]).includes(name);
  return (
    <fieldset class="picture-chooser" aria-label="Picture" data-over={isOver}>
      {children}
      {Object.entries(SMALL_PICTURES).map(([small, title]) => (
        <button
          key={small}
          type="button"
          class="thumb"
          aria-pressed={name === small}
          title={title}
          aria-label={title}
          onClick={() => choose(small)}
        >
          <Thumbnail name={small} />
        </button>
      ))}
      <select
        aria-label="A written character"
        data-chosen={isCharacter}
        value={isCharacter ? name : ""}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="" disabled>
          字
        </option>
        {CHARACTERS.map((character) => (
          <option key={character}>{character}</option>
        ))}
      </select>
      {(isKept || stamp.value > 0 || name === "mine") && (
        <button
          type="button"
          class="thumb"
          aria-pressed={name === "mine"}
          title="My picture"
          aria-label="My picture"
          onClick={() => choose("mine")}
        >
          <Thumbnail name="mine" />
        </button>
      )}
      <FileButton title="My picture ..." accept="image/png,image/jpeg,image/gif,image/bmp,image/webp" onFile={take} />
      <small>choose, drop or paste one; it stays on this machine</small>
      <Refusal sentence={error} />
    </fieldset>
  );
}

function Thumbnail({ name }: { readonly name: string }) {
  const { output } = useEngine("picture", wishFor(name, { color: "rgb", size: 32 }));
  return output === undefined ? <span class="pixels" /> : <Pixels picture={output} />;
}

/** Hears a picture that is pasted or dropped anywhere on the page. @returns true while one is over the page */
function useFiles(take: (file: File | null | undefined) => void): boolean {
  const [isOver, setOver] = useState(false);
  const heard = useRef(take);
  heard.current = take;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    addEventListener("paste", ({ clipboardData }) => heard.current(pictureIn(clipboardData)), { signal });
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    addEventListener("dragover", over, { signal });
    addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && setOver(false), { signal });
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      heard.current(event.dataTransfer.files[0]);
    };
    addEventListener("drop", drop, { signal });
    return () => stop.abort();
  }, []);
  return isOver;
}

const pictureIn = (data: DataTransfer | null): File | undefined =>
  [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/"));
