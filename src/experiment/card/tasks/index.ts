// The table of what a card tells by the kind of the evaluation: total, so that a new kind has its card.
import type { EvaluationFacts } from "../../../report/facts.js";
import type { RunRecord } from "../record.js";
import type { TopicBody } from "../rows.js";
import { classificationCard } from "./classification.js";
import { detectionCard } from "./detection.js";
import { multiLabelCard } from "./multi-label.js";
import { regressionCard } from "./regression.js";
import { segmentationCard } from "./segmentation.js";
import type { EvaluationKind, EvaluationOf, TaskCard } from "./task-card.js";
import { verificationCard } from "./verification.js";

const TASK_CARDS: { readonly [K in EvaluationKind]: TaskCard<K> } = {
  classification: classificationCard,
  regression: regressionCard,
  multiLabel: multiLabelCard,
  verification: verificationCard,
  segmentation: segmentationCard,
  detection: detectionCard,
};

/** Sections that depend on the task. */
export interface TaskBodies {
  readonly figures: NonNullable<TopicBody["tables"]>;
  readonly calibration: NonNullable<TopicBody["tables"]>;
  readonly slices: NonNullable<TopicBody["tables"]>;
  readonly failures: TopicBody;
}

function bodies<K extends EvaluationKind>(kind: K, evaluation: EvaluationOf<K>, record: RunRecord): TaskBodies {
  const { figures, calibration, slices, failures }: TaskCard<K> = TASK_CARDS[kind];
  return {
    figures: figures(evaluation),
    calibration: calibration(evaluation),
    slices: slices(evaluation, record),
    failures: failures(evaluation, record),
  };
}

/** Sections of a run by its evaluation; undefined where it has none. */
export function taskBodies(record: RunRecord): TaskBodies | undefined {
  const evaluation: EvaluationFacts | undefined = record.facts.evaluation;
  switch (evaluation?.kind) {
    case "classification":
      return bodies(evaluation.kind, evaluation, record);
    case "regression":
      return bodies(evaluation.kind, evaluation, record);
    case "multiLabel":
      return bodies(evaluation.kind, evaluation, record);
    case "verification":
    case "segmentation":
      return bodies(evaluation.kind, evaluation, record);
    case "detection":
      return bodies(evaluation.kind, evaluation, record);
    default:
      return undefined;
  }
}
