// State of a form that lasts as long as the page, so that it is still there after a look at another view.
import { useState } from "preact/hooks";

const drafts = new Map<string, unknown>();

/** @param name of the form, with the project or the set that it is for */
export function useDraft<T>(name: string, first: T): readonly [T, (next: T) => void] {
  const [value, setValue] = useState<T>(drafts.has(name) ? (drafts.get(name) as T) : first);
  return [
    value,
    (next) => {
      drafts.set(name, next);
      setValue(() => next);
    },
  ];
}
