// Facts in a model's file about the table that it was trained on: what it needs to score the rows of another.
import { defined } from "../../core/defined.js";
import type { TableFacts } from "../../formats/models/table-facts.js";
import type { TableSamples } from "../data/sample-set.js";
import type { TargetColumns } from "../tasks/index.js";

/** Columns in their order with what training learnt of each, the target, and the exposure that divided it. */
export function tableFacts({ learnt, preprocessing }: TableSamples, source: TargetColumns): TableFacts {
  const { missing, delimiter } = preprocessing;
  const exposure = source.exposure === undefined ? undefined : { column: source.exposure, as: "weight" as const };
  return {
    target: source.columns![0]!,
    columns: learnt.map((column) => ({ ...column })),
    missing,
    ...defined({ exposure, delimiter }),
  };
}
