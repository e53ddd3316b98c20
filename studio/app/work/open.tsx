// The ways to open something: a drop, a picker, a generated set; on this machine also its folders.
import { useRef, useState } from "preact/hooks";
import type { GeneratedSet } from "../../contract/opening-calls.js";
import { welcome } from "../frame/store.ts";
import { droppedFiles, pickedFiles } from "../ui/dropped.ts";
import { Refusal } from "../ui/refusal.tsx";
import { BrowseDialog } from "./browse.tsx";
import { openBrought, openGenerated, opening, openingError, openPath } from "./opening.ts";
import "./open.css";

const SETS: readonly (readonly [GeneratedSet, string, string])[] = [
  ["hanzi", "Generated handwriting", "55 characters, some 4,000 images"],
  ["hail", "Generated hail damage", "600 photos with labels and costs"],
];

/** Brings files of the reader: dropped, or picked. */
export function BringPanel() {
  const [isOver, setOver] = useState(false);
  const isBusy = opening.value !== undefined;
  return (
    <section
      class={`drop-here${isOver ? " over" : ""}`}
      aria-label="Drop images here"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer !== null && !isBusy) openBrought(droppedFiles(event.dataTransfer));
      }}
    >
      <p>Drop a folder, a zip or images here</p>
      <div class="row">
        <Picker title="Choose a folder" isFolder isBusy={isBusy} />
        <Picker title="Choose files" isFolder={false} isBusy={isBusy} />
      </div>
      <small>
        {welcome.value?.place === "local"
          ? "They are copied to uploads/ beside the Studio's runs."
          : "They stay in this browser's private files."}
      </small>
    </section>
  );
}

interface PickerProps {
  readonly title: string;
  readonly isFolder: boolean;
  readonly isBusy: boolean;
}

function Picker({ title, isFolder, isBusy }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => input.current?.click()}>
        {title}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={title}
        {...(isFolder ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          if (currentTarget.files !== null && currentTarget.files.length > 0)
            openBrought(pickedFiles(currentTarget.files));
          currentTarget.value = "";
        }}
      />
    </>
  );
}

/** Draws one of the generated sets. */
export function GeneratedSets() {
  return (
    <ul class="sets">
      {SETS.map(([name, title, what]) => (
        <li key={name}>
          <button type="button" disabled={opening.value !== undefined} onClick={() => openGenerated(name, title)}>
            {title}
          </button>
          <small>{what}</small>
        </li>
      ))}
    </ul>
  );
}

/** Opens what lies on this machine: by its path, or by looking for it. */
export function PathPanel() {
  const [path, setPath] = useState("");
  const [isBrowsing, setBrowsing] = useState(false);
  const isBusy = opening.value !== undefined;
  if (welcome.value?.place === "static")
    return (
      <p class="muted">
        A page alone reads no folders of the disk. <code>npx fovea studio</code> does: it opens folders of any size
        where they lie, and trains on all of the machine's cores.
      </p>
    );
  return (
    <div class="stack">
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          openPath(path);
        }}
      >
        <input
          type="text"
          aria-label="Path of a folder, a manifest, a zip or a run"
          placeholder={welcome.value?.roots[0]}
          value={path}
          onInput={({ currentTarget }) => setPath(currentTarget.value)}
        />
        <button type="submit" disabled={path === "" || isBusy}>
          Open
        </button>
      </form>
      <div class="row">
        <button type="button" disabled={isBusy} onClick={() => setBrowsing(true)}>
          Browse
        </button>
      </div>
      {isBrowsing && (
        <BrowseDialog
          onClose={() => setBrowsing(false)}
          onOpen={(chosen) => {
            setBrowsing(false);
            openPath(chosen);
          }}
        />
      )}
    </div>
  );
}

/** Sentences about what is being opened, and about what could not be. */
export function OpeningState() {
  return (
    <>
      <p class="opening" role="status">
        {opening.value !== undefined && <bdi>{opening.value}</bdi>}
      </p>
      <Refusal sentence={openingError.value} />
    </>
  );
}
