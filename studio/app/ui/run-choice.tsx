// The run that a view asks: chosen once and kept in the address from view to view, the latest where nobody has chosen.
import type { ProjectFacts, RunSummary } from "../../contract/facts.js";
import { address, keepState, linkTo } from "../frame/address.ts";
import { isAtWork, jobs } from "../frame/store.ts";
import { useCall } from "./use-call.ts";

export interface ChosenRun {
  /** Undefined while runs are asked for, and where there are none. */
  readonly run: RunSummary | undefined;
  readonly runs: readonly RunSummary[] | undefined;
}

/** Runs of a project and the chosen one; asked again when a job ends. */
export function useRun(project: ProjectFacts): ChosenRun {
  const ended = jobs.value.filter((job) => !isAtWork(job)).length;
  const { value: runs } = useCall("runs", { project: project.id }, ended);
  const { run: wanted } = address.value.state;
  return { runs, run: runs?.find(({ id }) => id === wanted) ?? runs?.at(-1) };
}

export function RunChoice({ run, runs }: ChosenRun) {
  return (
    <select aria-label="Run" value={run?.id} onChange={({ currentTarget }) => keepState({ run: currentTarget.value })}>
      {runs?.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface EmptyProps {
  readonly project: ProjectFacts;
  readonly title: string;
  /** A sentence about what the view shows as soon as there is a run. */
  readonly children: string;
}

/** A view without a run: what it will show, and the way to one. */
export function NoRun({ project, title, children }: EmptyProps) {
  return (
    <section class="quiet">
      <h1>{title}</h1>
      <p>{children}</p>
      <a class="button primary" href={linkTo(["work", project.id, "train"])}>
        Train
      </a>
    </section>
  );
}
