// The tools above the grid: search, part, order, size of the pictures, what was changed.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ImageOrder } from "../../../contract/data-facts.js";
import type { ImageFilter, ProjectFacts } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { filterBy } from "./data-state.ts";
import { OrderFields } from "./order-fields.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly filter: ImageFilter;
  readonly order: ImageOrder;
  /** False before somebody has looked at all images: they cannot be sorted by what they look like. */
  readonly hasLooked: boolean;
  /** The image that others are compared with; undefined where none is selected. */
  readonly alike: number | undefined;
  readonly size: number;
  readonly onSize: (size: number) => void;
  readonly searchBox: RefObject<HTMLInputElement | null>;
}

export const SIZES = { min: 32, max: 256, step: 8, first: 80 } as const;

/** Milliseconds without a key after which a search begins. */
const TYPED = 150;

export function Toolbar({ project, filter, order, hasLooked, alike, size, onSize, searchBox }: Props) {
  const { parts, changes } = project;
  return (
    <div class="tools row" role="toolbar" aria-label="Which images">
      <Search value={filter.search ?? ""} box={searchBox} />
      {parts.length > 1 && (
        <select
          aria-label="Part"
          value={filter.part ?? ""}
          onChange={({ currentTarget }) => filterBy({ part: currentTarget.value || undefined })}
        >
          <option value="">all parts</option>
          {parts.map((part) => (
            <option key={part}>{part}</option>
          ))}
        </select>
      )}
      <OrderFields {...{ project, order, hasLooked, alike }} />
      {(changes > 0 || filter.changed) && (
        <button
          type="button"
          aria-pressed={filter.changed ?? false}
          onClick={() => keepState({ changed: filter.changed ? undefined : "1" })}
        >
          Changed only
        </button>
      )}
      <input
        type="range"
        aria-label="Size of the pictures"
        {...{ min: SIZES.min, max: SIZES.max, step: SIZES.step, value: size }}
        onInput={({ currentTarget }) => onSize(currentTarget.valueAsNumber)}
      />
    </div>
  );
}

interface SearchProps {
  readonly value: string;
  readonly box: RefObject<HTMLInputElement | null>;
}

/** Searches when somebody has stopped typing. */
function Search({ value, box }: SearchProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => filterBy({ search: text || undefined }), TYPED);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      type="search"
      ref={box}
      aria-label="Search file names"
      placeholder="Search file names ( / )"
      value={text}
      onInput={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
}
