// Images per class as small bars; a click shows those of one class only. The first nine have the keys that give their label.
import { useState } from "preact/hooks";
import type { ClassCount } from "../../../contract/facts.js";
import { whole } from "../../frame/numbers.ts";

interface Props {
  /** NaN for a number that is not known yet. */
  readonly counts: readonly ClassCount[];
  /** The class that is shown alone. */
  readonly label: string | undefined;
  readonly onPick: (label: string | undefined) => void;
}

/** Classes from which on one can be searched for, and those that are drawn at once. */
const SEARCHED = 12;
const DRAWN = 120;

export function ClassBars({ counts, label, onPick }: Props) {
  const [search, setSearch] = useState("");
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const wanted = search.toLowerCase();
  const matching = counts
    .map((count, at) => ({ ...count, key: at < 9 ? String(at + 1) : undefined }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <section aria-label="Classes">
      <h2 class="small">
        Classes <small>{whole(counts.length)}</small>
      </h2>
      {counts.length > SEARCHED && (
        <input
          type="search"
          aria-label="Search classes"
          placeholder="Search classes"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      <ul class="bars">
        {matching.slice(0, DRAWN).map(({ name, count, key }) => (
          <li key={name}>
            <button
              type="button"
              class="plain"
              aria-pressed={name === label}
              onClick={() => onPick(name === label ? undefined : name)}
            >
              <i style={{ width: `${(100 * count) / most || 0}%` }} />
              <bdi>{name}</bdi>
              {key !== undefined && <kbd title={`Key ${key} gives this label`}>{key}</kbd>}
              <span>{whole(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {matching.length > DRAWN && (
        <p class="muted">{whole(matching.length - DRAWN)} more classes: search for them above.</p>
      )}
      {matching.length === 0 && <p class="muted">No class has this in its name.</p>}
    </section>
  );
}
