// The choice of a picture: the four small ones, a written character, a file that is chosen, dropped or pasted.
import { useEffect, useState } from "preact/hooks";
import { keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/store.ts";
import { useEngine } from "../engine.ts";
import { keepFile, pictureName, stamp, wishFor } from "./picture.ts";
import { Pixels } from "./pixels.tsx";
import "./picture-chooser.css";

const SMALL = [
  ["left", "Mouth to the left"],
  ["up", "Mouth up"],
  ["right", "Mouth to the right"],
  ["ghost", "Ghost"],
] as const;

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
  usePasted(take);
  const isCharacter = (CHARACTERS as readonly string[]).includes(name);
  return (
    <fieldset
      class="picture-chooser"
      aria-label="Picture"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files[0]);
      }}
    >
      {children}
      {SMALL.map(([small, title]) => (
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
      {(stamp.value > 0 || name === "mine") && (
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
      <label class="button">
        My picture ...
        <input
          class="visually-hidden"
          type="file"
          accept="image/png,image/jpeg,image/gif,image/bmp,image/webp"
          onChange={({ currentTarget }) => {
            take(currentTarget.files?.[0]);
            currentTarget.value = "";
          }}
        />
      </label>
      <small>choose, drop or paste one; it stays on this machine</small>
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Thumbnail({ name }: { readonly name: string }) {
  const { output } = useEngine("picture", wishFor(name, { color: "rgb", size: 32 }));
  return output === undefined ? <span class="pixels" /> : <Pixels picture={output} />;
}

/** Hears a picture that is pasted anywhere on the page. */
function usePasted(take: (file: File | null | undefined) => void): void {
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      const file = [...(clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (file !== undefined) take(file);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  });
}
