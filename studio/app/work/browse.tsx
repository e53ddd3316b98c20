// A dialog that looks through the folders that may be opened.
import { useEffect, useRef, useState } from "preact/hooks";
import type { PlaceEntry } from "../../contract/facts.js";
import { welcome } from "../frame/store.ts";
import { Refusal } from "../ui/refusal.tsx";
import { useCall } from "../ui/use-call.ts";

interface Props {
  readonly onOpen: (path: string) => void;
  readonly onClose: () => void;
}

/** The most entries that the workbench lists. */
const MOST = 1000;

export function BrowseDialog({ onOpen, onClose }: Props) {
  const roots = welcome.value?.roots ?? [];
  const [folder, setFolder] = useState(roots.length === 1 ? roots[0] : undefined);
  const { value: entries, error } = useCall("browse", folder === undefined ? {} : { path: folder });
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const root = roots.find((known) => folder?.startsWith(known));
  return (
    <dialog class="browse" ref={dialog} aria-label="Open a folder or a file" onClose={onClose}>
      <h2>Open a folder or a file</h2>
      <Steps {...{ root, folder, roots }} onGo={setFolder} />
      {error === undefined ? (
        <Entries entries={entries} onPick={({ path, isFolder }) => (isFolder ? setFolder(path) : onOpen(path))} />
      ) : (
        <Refusal sentence={error} />
      )}
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={folder === undefined}
          onClick={() => folder !== undefined && onOpen(folder)}
        >
          Open this folder
        </button>
        <button type="button" class="plain" onClick={onClose}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}

interface StepsProps {
  readonly root: string | undefined;
  readonly folder: string | undefined;
  readonly roots: readonly string[];
  readonly onGo: (folder: string | undefined) => void;
}

/** The folders on the way to the one that is shown. */
function Steps({ root, folder, roots, onGo }: StepsProps) {
  if (root === undefined || folder === undefined) return <p class="muted steps">Choose where to look.</p>;
  const separator = root.includes("\\") ? "\\" : "/";
  const names = folder.slice(root.length).split(separator).filter(Boolean);
  return (
    <p class="steps">
      {roots.length > 1 && (
        <button type="button" class="plain" onClick={() => onGo(undefined)}>
          all ›
        </button>
      )}
      <button type="button" class="plain" onClick={() => onGo(root)}>
        <bdi>{root}</bdi>
      </button>
      {names.map((name, at) => (
        <button
          type="button"
          class="plain"
          key={name}
          onClick={() => onGo([root, ...names.slice(0, at + 1)].join(separator))}
        >
          › <bdi>{name}</bdi>
        </button>
      ))}
    </p>
  );
}

interface EntriesProps {
  /** Undefined until the workbench has answered. */
  readonly entries: readonly PlaceEntry[] | undefined;
  readonly onPick: (entry: PlaceEntry) => void;
}

function Entries({ entries, onPick }: EntriesProps) {
  if (entries === undefined) return <p class="muted">Opening ...</p>;
  if (entries.length === 0) return <p class="muted">Nothing is here.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <ul class="entries" tabIndex={0} aria-label="Contents of the folder">
      {entries.map((entry) => (
        <li key={entry.path}>
          <button type="button" onClick={() => onPick(entry)}>
            <span aria-hidden="true">{entry.isFolder ? "▸" : " "}</span>
            <bdi>{entry.name}</bdi>
            <small>{entry.isFolder ? "folder" : ""}</small>
          </button>
        </li>
      ))}
      {entries.length === MOST && <li class="muted">and more: type the path of what is not listed.</li>}
    </ul>
  );
}
