// The pieces of a run's page that depend on its task: each kind of evaluation gives them, run-page.ts puts them in place.
import type { Chart } from "../../charts/render.js";
import type { FactRow } from "../../facts.js";
import type { CountsOf, Figures, Section } from "../parts.js";

export interface TaskPage {
  /** The figures at the head of the page; without them those of the last part's metrics. */
  readonly headline?: readonly FactRow[];
  /** Word for the counted things of a part; "nothing" where numbers are predicted. */
  readonly countsOf: CountsOf | "nothing";
  readonly dataCharts: readonly Chart[];
  /** Charts of the evaluation, drawn after all others. */
  readonly charts: readonly Chart[];
  readonly sections: (figures: Figures) => readonly Section[];
  /** Sentences over the images that show what the model looked at. */
  readonly attention: string;
  /** True where sizes of images are of no interest but where they differ. */
  readonly sayOneSizeOnly: boolean;
  /** True where no curve but those of accuracy and loss is drawn, whatever training watched. */
  readonly hasUsualCurves?: true;
}
