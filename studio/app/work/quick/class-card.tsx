// A class with its name, its examples and the ways to add some.
import { useEffect, useState } from "preact/hooks";
import type { ExampleClass } from "../../../contract/example-calls.js";
import { whole } from "../../frame/numbers.ts";
import { host } from "../../host/index.js";
import { droppedFiles } from "../../ui/dropped.ts";
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
  const [source, setSource] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    let made: string | undefined;
    host()
      .then((way) => way.file("example", { set, file }))
      .then(
        (address) => {
          made = address;
          if (isCurrent) setSource(address);
          else release(address);
        },
        () => undefined,
      );
    return () => {
      isCurrent = false;
      if (made !== undefined) release(made);
    };
  }, [set, file]);
  return <img src={source} alt="" draggable={false} />;
}

/** Lets an address of this page's memory go; one of the program that served it needs no letting go. */
function release(address: string): void {
  if (address.startsWith("blob:")) URL.revokeObjectURL(address);
}
