// A class with its name, its examples and the ways to add some.
import { useState } from "preact/hooks";
import type { ExampleClass } from "../../../contract/example-calls.js";
import { whole } from "../../frame/numbers.ts";
import { droppedFiles } from "../../ui/dropped.ts";
import { useFile } from "../../ui/use-file.ts";
import { Capture } from "./capture.tsx";
import type { Examples } from "./example-set.ts";

interface Props {
  readonly examples: Examples;
  readonly item: ExampleClass;
  readonly onRename: (name: string) => void;
  /** Absent where the class must stay. */
  readonly onRemove?: (() => void) | undefined;
}

export function ClassCard({ examples, item, onRename, onRemove }: Props) {
  const { id, name, examples: images } = item;
  const [isOver, setOver] = useState(false);
  return (
    <li
      class={`card class${isOver ? " over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={async (event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer === null) return;
        const { files } = await droppedFiles(event.dataTransfer);
        const pictures = files.map(({ file }) => file).filter(({ type }) => type.startsWith("image/"));
        if (pictures.length > 0) examples.add(id, "file", pictures);
      }}
    >
      <header class="row">
        <input
          type="text"
          aria-label="Name of the class"
          maxLength={80}
          value={name}
          onChange={({ currentTarget }) => {
            if (currentTarget.value.trim() !== "") onRename(currentTarget.value);
            else currentTarget.value = name;
          }}
        />
        <small>{images.length === 1 ? "1 example" : `${whole(images.length)} examples`}</small>
        {onRemove !== undefined && (
          <button type="button" class="plain" aria-label={`Remove the class ${name}`} onClick={onRemove}>
            ×
          </button>
        )}
      </header>
      <Capture name={name} onAdd={(source, blobs) => examples.add(id, source, blobs)} />
      {images.length > 0 && (
        <ul class="examples" aria-label={`Examples of ${name}`}>
          {images.map(({ file }, at) => (
            <li key={file}>
              <button
                type="button"
                aria-label={`Remove example ${at + 1} of ${name}`}
                title="Remove"
                onClick={() => examples.remove(id, file)}
              >
                <ExampleImage set={examples.set} file={file} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function ExampleImage({ set, file }: { readonly set: string; readonly file: string }) {
  const { address, error } = useFile("example", { set, file });
  return error === undefined ? <img src={address} alt="" draggable={false} /> : <small>{error}</small>;
}
