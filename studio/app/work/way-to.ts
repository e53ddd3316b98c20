// The view of a project that is shown first, by its kind.
import type { ProjectFacts, ProjectKind } from "../../contract/facts.js";

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
