// The choice that a spec may leave to its images: whether each class is held out in its proportion. A new study settles it
// once; what the study remembers is settled.
import { defined } from "../../core/defined.js";
import type { TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";

/** A new study's spec, whose split the images decide about where it says nothing. Stored specs have decided. */
export function withOpenSplit(spec: TuneSpec): TuneSpec {
  if ("table" in spec.data || spec.data.split.stratify !== undefined) return spec;
  return { ...spec, data: { ...spec.data, split: { ...spec.data.split, stratify: "uneven" } } };
}

/** The spec with what its images decided about the split; a plain one is not mentioned, as in studies from before. */
export function withSettledSplit(spec: TuneSpec, { split }: Pick<StudyData, "split">): TuneSpec {
  if ("table" in spec.data || split === undefined) return spec;
  const { stratify: _, ...plain } = spec.data.split;
  const decided = { ...(split.stratify && { stratify: true }), ...defined({ by: split.by }) };
  return { ...spec, data: { ...spec.data, split: { ...plain, ...decided } } };
}
