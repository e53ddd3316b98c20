// The order of the images: by what their files and pixels are, by a run's model, by likeness to one of them.
import { type ImageOrder, ORDERS, SCORES, type Score } from "../../../contract/data-facts.js";
import type { ProjectFacts, RunSummary } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { useRun } from "../../ui/run-choice.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";
import { ORDER_WORDS } from "./data-state.ts";

interface Props {
  readonly project: ProjectFacts;
  readonly order: ImageOrder;
  /** False before somebody has looked at all images: they cannot be sorted by what they look like. */
  readonly hasLooked: boolean;
  /** The image that others are compared with; undefined where none is selected. */
  readonly alike: number | undefined;
}

type By = ImageOrder["by"];

const isScore = (by: By): by is Score => SCORES.some((score) => score === by);

export function OrderFields({ project, order, hasLooked, alike }: Props) {
  const { by, isDescending = false } = order;
  const chosen = useRun(project);
  const runs = (chosen.runs ?? []).filter(({ task }) => TASK_VIEWS[task].hasOneClass);
  const run = runs.find(({ id }) => id === chosen.run?.id) ?? runs.at(-1);
  const canSort: Readonly<Partial<Record<By, boolean>>> = {
    brightness: hasLooked,
    likeness: hasLooked && alike !== undefined,
    confidence: runs.length > 0,
    loss: runs.length > 0,
  };
  return (
    <>
      <select
        aria-label="Order"
        value={by}
        onChange={({ currentTarget }) => keepState(stateFor(currentTarget.value as By, run?.id, alike))}
      >
        {ORDERS.filter((name) => name === by || (canSort[name] ?? true)).map((name) => (
          <option key={name} value={name}>
            {ORDER_WORDS[name]}
          </option>
        ))}
      </select>
      {isScore(by) && <RunOfOrder run={run} runs={runs} />}
      {by !== "likeness" && (
        <button
          type="button"
          aria-pressed={isDescending}
          title="The last first"
          aria-label="The last first"
          onClick={() => keepState({ down: isDescending ? undefined : "1" })}
        >
          {isDescending ? "↓" : "↑"}
        </button>
      )}
    </>
  );
}

/** State of the address for an order: the worst first, and the least sure, for these are looked for. */
const stateFor = (by: By, run: string | undefined, alike: number | undefined) => ({
  sort: by,
  down: by === "loss" ? "1" : undefined,
  ...(isScore(by) && { run }),
  like: by === "likeness" && alike !== undefined ? String(alike) : undefined,
});

const RunOfOrder = ({ run, runs }: { readonly run: RunSummary | undefined; readonly runs: readonly RunSummary[] }) => (
  <select
    aria-label="Run that is asked"
    value={run?.id}
    onChange={({ currentTarget }) => keepState({ run: currentTarget.value })}
  >
    {runs.map(({ id, name }) => (
      <option key={id} value={id}>
        {name}
      </option>
    ))}
  </select>
);
