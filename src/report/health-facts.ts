// Facts of a page about the health of data: findings with the images that show them.
import type { FactRow } from "./fact-row.js";
import type { ImageFacts } from "./image-facts.js";

/** An image that shows a finding. */
export interface ShownImageFacts {
  readonly file: string;
  /** Part of the data, in words: `training`. */
  readonly part?: string;
  /** Its label as text. */
  readonly label?: string;
  readonly group?: string;
  /** Height and width of the file in pixels. */
  readonly size?: string;
  /** Small picture; absent where the image cannot be decoded. */
  readonly image?: ImageFacts;
}

export interface ShownFindingFacts {
  readonly severity: "error" | "warning" | "note";
  readonly evidence: string;
  readonly remedy: string;
  /** Some of the images that show it, those that belong together side by side. */
  readonly images: readonly ShownImageFacts[];
  /** Number of images of the finding. */
  readonly count: number;
}

/** The findings of one check. */
export interface HealthSectionFacts {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  /** Findings with their pictures, as many as a page can hold. */
  readonly findings: readonly ShownFindingFacts[];
  readonly count: number;
}

export interface HealthFacts {
  readonly name: string;
  readonly createdBy: string;
  readonly images: number;
  readonly rows: readonly FactRow[];
  readonly sections: readonly HealthSectionFacts[];
  /** Checks that found nothing. */
  readonly clean: readonly { readonly title: string; readonly method: string }[];
  /** Checks that did not run, and why. */
  readonly notRun: readonly { readonly title: string; readonly why: string }[];
  /** Changes of the label journal that `--fix` would write, or has written, as a sentence. */
  readonly fix?: string;
}
