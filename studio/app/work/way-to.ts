// The view of a project that is shown first, by its kind.
import type { ProjectFacts, ProjectKind } from "../../contract/facts.js";
import { goTo } from "../frame/address.ts";

const FIRST_VIEW: Readonly<Record<ProjectKind, string>> = {
  images: "data",
  run: "understand",
  study: "tune",
  model: "try",
};

/** The path of a project's first view, for `goTo` and `linkTo`. */
export const wayTo = ({ id, kind }: Pick<ProjectFacts, "id" | "kind">): readonly string[] => [
  "work",
  id,
  FIRST_VIEW[kind],
];

/** Goes to what somebody wants to see of a project that was just opened: the run that it was opened with, or all of it. */
export function goToOpened(project: ProjectFacts): void {
  const { id, kind, run, isRunUnfinished = false } = project;
  if (isRunUnfinished) goTo(["work", id, "train"]);
  else if (run !== undefined && kind !== "model") goTo(["work", id, "understand"], { run });
  else goTo(wayTo(project));
}
