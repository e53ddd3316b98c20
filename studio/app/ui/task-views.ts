// The tasks as pages show them: one record a task, so that no page asks which task it is.
import type { TaskName } from "../../contract/facts.js";

interface TaskView {
  /** The predicted thing, in words. */
  readonly target: string;
  /** True where an image has one class, so that answers have a confidence and an accuracy. */
  readonly hasOneClass: boolean;
  /** True where answers are numbers. */
  readonly hasNumbers: boolean;
}

const others = { hasOneClass: false, hasNumbers: false } as const;

export const TASK_VIEWS: Readonly<Record<TaskName, TaskView>> = {
  classification: { target: "a class", hasOneClass: true, hasNumbers: false },
  multiLabel: { target: "labels", ...others },
  regression: { target: "a number", hasOneClass: false, hasNumbers: true },
  verification: { target: "an identity", ...others },
  segmentation: { target: "a class for each pixel", ...others },
  detection: { target: "a box for each object", ...others },
};
