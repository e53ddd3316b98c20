// The table of tasks: what each kind of evaluation puts on a run's page.
import type { EvaluationFacts, RunFacts } from "../../facts.js";
import { classificationPage } from "./classification.js";
import { detectionPage } from "./detection.js";
import { multiLabelPage } from "./multi-label.js";
import { regressionPage } from "./regression.js";
import { segmentationPage } from "./segmentation.js";
import type { TaskPage } from "./task-page.js";
import { verificationPage } from "./verification.js";

export type { TaskPage } from "./task-page.js";

const PAGES: {
  readonly [K in EvaluationFacts["kind"]]: (
    facts: RunFacts,
    evaluation: Extract<EvaluationFacts, { kind: K }>,
  ) => TaskPage;
} = {
  classification: classificationPage,
  multiLabel: multiLabelPage,
  regression: regressionPage,
  verification: verificationPage,
  segmentation: segmentationPage,
  detection: detectionPage,
};

/** The pieces of a run's page by the kind of its evaluation; without one it is a classification's. */
export const taskPage = (facts: RunFacts): TaskPage => {
  const { evaluation } = facts;
  if (evaluation === undefined) return classificationPage(facts, undefined);
  return (PAGES[evaluation.kind] as (facts: RunFacts, evaluation: EvaluationFacts) => TaskPage)(facts, evaluation);
};
