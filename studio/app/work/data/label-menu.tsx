// A menu of classes with a search, for the images that are selected; a name that no class has yet makes one.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { writer } from "./relabel.ts";
import "./menu.css";

interface Props {
  readonly project: ProjectFacts;
  readonly classNames: readonly string[];
  readonly onPick: (label: string, why: string) => void;
  readonly onClose: () => void;
}

/** Classes that are listed at once. */
const LISTED = 50;

export function LabelMenu({ project, classNames, onPick, onClose }: Props) {
  const [text, setText] = useState("");
  const [why, setWhy] = useState("");
  const [by, setBy] = useState(writer.read());
  const [active, setActive] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => box.current?.focus(), []);
  const choices = choicesFor(text, classNames, project.labelKind === "classes");
  const pick = (label: string | undefined): void => {
    if (label === undefined) return;
    writer.write(by);
    onPick(label, why);
  };
  const pressed = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((active + step + choices.length) % Math.max(1, choices.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(choices[active]?.label ?? (text.trim() || undefined));
    }
  };
  return (
    <div
      class="menu"
      role="dialog"
      aria-label="New label"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") onClose();
      }}
    >
      <input
        type="text"
        ref={box}
        role="combobox"
        aria-label="Label"
        aria-expanded={choices.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={choices.length > 0 ? `${id}-${active}` : undefined}
        placeholder={project.labelKind === "classes" ? "Search or name a class" : "New label"}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setActive(0);
        }}
        onKeyDown={pressed}
      />
      <div id={`${id}-list`} class="choices" role="listbox" aria-label="Classes">
        {choices.map(({ label, isNew }, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the box above has the focus, and names this as its active one
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box above
          <div key={label} id={`${id}-${at}`} role="option" aria-selected={at === active} onClick={() => pick(label)}>
            {isNew && <small>new class </small>}
            <bdi>{label}</bdi>
          </div>
        ))}
      </div>
      <input
        type="text"
        aria-label="Why, for the journal"
        placeholder="Why (for the journal)"
        maxLength={1000}
        value={why}
        onInput={({ currentTarget }) => setWhy(currentTarget.value)}
      />
      <input
        type="text"
        aria-label="Your name, for the journal"
        placeholder="Your name (for the journal)"
        maxLength={200}
        value={by}
        onInput={({ currentTarget }) => setBy(currentTarget.value)}
      />
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={choices.length === 0 && text.trim() === ""}
          onClick={() => pick(choices[active]?.label ?? text.trim())}
        >
          Give this label
        </button>
        <button type="button" class="plain" onClick={onClose}>
          Cancel
        </button>
      </div>
    </div>
  );
}

interface Choice {
  readonly label: string;
  readonly isNew: boolean;
}

/** Classes whose names begin with a text, then those that have it; a new one where none is called so. */
function choicesFor(text: string, classNames: readonly string[], mayBeNew: boolean): Choice[] {
  const wanted = text.trim();
  const low = wanted.toLowerCase();
  const having = classNames.filter((name) => name.toLowerCase().includes(low));
  const first = having.filter((name) => name.toLowerCase().startsWith(low));
  const others = having.filter((name) => !name.toLowerCase().startsWith(low));
  const known = [...first, ...others].slice(0, LISTED).map((label) => ({ label, isNew: false }));
  if (wanted === "" || !mayBeNew || classNames.includes(wanted)) return known;
  return [...known, { label: wanted, isNew: true }];
}
