// Challenges of a page: checked whenever its state changes; solved ones are kept.
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { kept } from "../frame/kept.ts";
import type { Challenge } from "./pages.ts";

const solved = signal(new Set(kept.read("solved")?.split(" ")));

interface Props {
  readonly page: string;
  readonly challenges: readonly Challenge[];
  readonly state: Readonly<Record<string, string>>;
}

export function Challenges({ page, challenges, state }: Props) {
  const reached = challenges.filter(({ id, isSolved }) => !solved.value.has(`${page}.${id}`) && isSolved(state));
  useEffect(() => {
    if (reached.length === 0) return;
    solved.value = new Set([...solved.value, ...reached.map(({ id }) => `${page}.${id}`)]);
    kept.write("solved", [...solved.value].join(" "));
  });
  if (challenges.length === 0) return null;
  return (
    <section class="challenges">
      <h2>Try it</h2>
      <ul>
        {challenges.map(({ id, task, Aid }) => {
          const isDone = solved.value.has(`${page}.${id}`);
          return (
            <li data-solved={isDone}>
              <span role="img" aria-label={isDone ? "solved" : "open"}>
                {isDone ? "✓" : "○"}
              </span>{" "}
              {task}
              {Aid && <Folded Aid={Aid} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** The number of a page's challenges that are solved; nothing where none is. */
export function Solved({ page }: { readonly page: string }) {
  const count = [...solved.value].filter((id) => id.startsWith(`${page}.`)).length;
  return count === 0 ? null : <small class="solved">✓ {count} solved</small>;
}

/** Help that computes nothing until it is opened. */
function Folded({ Aid }: { readonly Aid: ComponentType }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Help</summary>
      {isOpen && <Aid />}
    </details>
  );
}
