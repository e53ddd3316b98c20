// Facts of a page about the health of data: findings with the images that show them.
import type { FactRow } from "./fact-row.js";
import type { ImageFacts } from "./image-facts.js";

/** An image that shows a finding. */
export interface ShownImageFacts {
  /** Path of the image; absent where it has none. */
  readonly file: string;
  /** Part of the data, in words: `training`. */
  readonly part?: string;
  /** Its label as text. */
  readonly label?: string;
  /** Group that the image belongs to, such as a patient; absent where there are none. */
  readonly group?: string;
  /** Height and width of the file in pixels. */
  readonly size?: string;
  /** Small picture; absent where the image cannot be decoded. */
  readonly image?: ImageFacts;
}

/** A finding with the images that show it. */
export interface ShownFindingFacts {
  /** Weight of the finding. */
  readonly severity: "error" | "warning" | "note";
  /** Description of the fault. */
  readonly evidence: string;
  /** Advice. */
  readonly remedy: string;
  /** Some of the images that show it, those that belong together side by side. */
  readonly images: readonly ShownImageFacts[];
  /** Number of images of the finding. */
  readonly count: number;
}

/** The findings of one check. */
export interface HealthSectionFacts {
  /** Identifier within the page. */
  readonly id: string;
  /** The heading that pages show. */
  readonly title: string;
  /** The method in one sentence. */
  readonly method: string;
  /** Findings with their pictures, as many as a page can hold. */
  readonly findings: readonly ShownFindingFacts[];
  /** Number of findings. */
  readonly count: number;
}

/** The findings about a folder of images. */
export interface HealthFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Name and version of the program that made it. */
  readonly createdBy: string;
  /** Number of images. */
  readonly images: number;
  /** Facts line by line. */
  readonly rows: readonly FactRow[];
  /** Parts of the card. */
  readonly sections: readonly HealthSectionFacts[];
  /** Checks that found nothing. */
  readonly clean: readonly { readonly title: string; readonly method: string }[];
  /** Checks that did not run, and why. */
  readonly notRun: readonly { readonly title: string; readonly why: string }[];
  /** Changes of the label journal that `--fix` would write, or has written, as a sentence. */
  readonly fix?: string;
}
