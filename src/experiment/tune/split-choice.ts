// The choice that a spec may leave to its images: whether each class is held out in its proportion. A new study settles it
// once; what the study remembers is settled.
import { defined } from "../../core/defined.js";
import type { TuneSpec } from "./spec.js";
import type { StudyData } from "./study-data.js";

/**
 * A new study's spec, whose split the images decide about where it says nothing. Stored specs have decided.
 * @param spec as `readSpec` gives it; that of a table stays as it is
 * @example
 * const layers = ["Flatten", { Dense: { units: "$classes" } }];
 * const space = { rate: { float: [1e-4, 1e-2] } };
 * const spec = readSpec({ study: "pets", data: { images: "pets" }, space, model: { layers } });
 * const open = withOpenSplit(spec);
 * open.data.split.stratify; // "uneven": stratified where the classes are uneven
 * const data = await loadStudyData(open.data);
 * withSettledSplit(open, data).data.split; // { ..., stratify: true }: a plain split would test no dog
 * await data.close();
 */
export function withOpenSplit(spec: TuneSpec): TuneSpec {
  if ("table" in spec.data || spec.data.split.stratify !== undefined) return spec;
  return { ...spec, data: { ...spec.data, split: { ...spec.data.split, stratify: "uneven" } } };
}

/**
 * The spec with the split that its images have decided about; a plain one is not mentioned, as in studies from before.
 * @param spec as `withOpenSplit` gives it
 * @param data with `split`, the settings of the split that was made
 */
export function withSettledSplit(spec: TuneSpec, { split }: Pick<StudyData, "split">): TuneSpec {
  if ("table" in spec.data || split === undefined) return spec;
  const { stratify: _, ...plain } = spec.data.split;
  const decided = { ...(split.stratify && { stratify: true }), ...defined({ by: split.by }) };
  return { ...spec, data: { ...spec.data, split: { ...plain, ...decided } } };
}
