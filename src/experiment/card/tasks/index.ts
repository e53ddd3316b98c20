// The table of what a card tells by the kind of the evaluation: total, so that a new kind has its card.
import { type ByKind, byKind } from "../../../core/by-kind.js";
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

/** Sections that depend on the task. */
export interface TaskBodies {
  readonly figures: NonNullable<TopicBody["tables"]>;
  readonly calibration: NonNullable<TopicBody["tables"]>;
  readonly slices: NonNullable<TopicBody["tables"]>;
  readonly failures: TopicBody;
}

/** Sections by the card of a kind of evaluation. */
const bodies =
  <K extends EvaluationKind>({ figures, calibration, slices, failures }: TaskCard<K>) =>
  (evaluation: EvaluationOf<K>, record: RunRecord): TaskBodies => ({
    figures: figures(evaluation),
    calibration: calibration(evaluation),
    slices: slices(evaluation, record),
    failures: failures(evaluation, record),
  });

const BODIES: ByKind<EvaluationFacts, TaskBodies, [record: RunRecord]> = {
  classification: bodies(classificationCard),
  regression: bodies(regressionCard),
  multiLabel: bodies(multiLabelCard),
  verification: bodies(verificationCard),
  segmentation: bodies(segmentationCard),
  detection: bodies(detectionCard),
};

/** Sections of a run by its evaluation; undefined where it has none. */
export function taskBodies(record: RunRecord): TaskBodies | undefined {
  const { evaluation } = record.facts;
  return evaluation && byKind(BODIES, evaluation, record);
}
