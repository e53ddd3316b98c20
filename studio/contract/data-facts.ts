// Facts that the Data view and Home are told: plain data, as in facts.ts.
import type { ClassCount, ProjectKind } from "./facts.js";

/** Orders that a run's model makes, known after it was asked about all images. */
export const SCORES = ["confidence", "loss"] as const;
export type Score = (typeof SCORES)[number];

/** Orders of images. `brightness` and `likeness` are known after somebody has looked at all of them. */
export const ORDERS = ["source", "name", "size", "brightness", "likeness", ...SCORES] as const;

export interface ImageOrder {
  readonly by: (typeof ORDERS)[number];
  readonly isDescending?: boolean | undefined;
  /** The image that others are compared with. */
  readonly like?: number | undefined;
  /** The run whose model gives the numbers to sort by. */
  readonly run?: string | undefined;
}

/** One image of a project as the inspector shows it. */
export interface ImageDetails {
  readonly index: number;
  readonly file: string;
  /** Bytes of its file. */
  readonly size: number;
  /** Facts of its pixels; absent for one that cannot be decoded. */
  readonly pixels?: {
    readonly format: string;
    readonly mode: string;
    readonly depth: number;
    /** Turn by its EXIF entry, from 1 to 8; 1 is none. */
    readonly orientation: number;
    /** Height and width as shown: upright. */
    readonly height: number;
    readonly width: number;
    readonly lowest: number;
    readonly highest: number;
    readonly mean: number;
    readonly metadata: readonly { readonly name: string; readonly value: string }[];
  };
  /** The library's sentence about one that cannot be decoded. */
  readonly error?: string;
  readonly sha256: string;
  /** Values of the source by their columns, in its order. */
  readonly columns: readonly { readonly name: string; readonly value: string }[];
  /** Changes of its label, the last first. */
  readonly history: readonly LabelChange[];
  /** Images that look most alike, the most alike first; none before somebody has looked at all. */
  readonly nearest: readonly { readonly index: number; readonly file: string; readonly likeness: number }[];
}

/** One entry of the journal. */
export interface LabelChange {
  /** Number of the image in the project; absent where the project no longer has it. */
  readonly index?: number;
  readonly file: string;
  /** Label before, and from then on; null is left out, an empty one is none. */
  readonly from: string | null;
  readonly to: string | null;
  /** ISO 8601. */
  readonly when: string;
  readonly by?: string;
  readonly why?: string;
}

/** Changes that were made at once. */
export interface HistoryBatch {
  readonly when: string;
  readonly by?: string;
  readonly why?: string;
  /** Changes of the same kind, with how many images each is about. */
  readonly changes: readonly { readonly from: string | null; readonly to: string | null; readonly count: number }[];
  /** Some of its images. */
  readonly images: readonly LabelChange[];
}

export interface HistoryPage {
  /** Path of the journal. */
  readonly where: string;
  readonly entries: number;
  /** Number of all batches. */
  readonly total: number;
  readonly batches: readonly HistoryBatch[];
  /** Images of each class as the source has them, and as they are now. */
  readonly before: readonly ClassCount[];
  readonly after: readonly ClassCount[];
}

/** Something that looks wrong about the images. */
export interface FindingFacts {
  /** Name in addresses; the same for the same finding. */
  readonly id: string;
  readonly kind: string;
  readonly severity: "error" | "warning" | "note";
  readonly sentence: string;
  /** Number of the project's images that show it. */
  readonly count: number;
  /** Some of them; those that belong together, such as copies, follow each other. */
  readonly examples: readonly { readonly index: number; readonly file: string; readonly part?: string }[];
}

export interface LookFacts {
  /** True where every image was decoded. */
  readonly isComplete: boolean;
  /** The most frequent sizes as shown; none before somebody has looked. */
  readonly sizes: readonly { readonly name: string; readonly count: number }[];
  /** Number of different sizes. */
  readonly sizeCount: number;
  /** Colour modes by Pillow's names. */
  readonly modes: readonly { readonly name: string; readonly count: number }[];
  readonly findings: readonly FindingFacts[];
}

/** A project that was opened before. */
export interface RecentFacts {
  readonly project: string;
  readonly name: string;
  readonly kind: ProjectKind;
  readonly path: string;
  readonly images: number;
  /** The last figure of a run in words, such as `test accuracy 0.93`. */
  readonly figure?: string;
  /** Number of its last runs that were broken off and can go on; absent where there is none. */
  readonly unfinished?: number;
  /** Time when it was last open, as ISO 8601. */
  readonly when: string;
  /** A small picture as a data address. */
  readonly thumbnail?: string;
  /** The reason why it cannot be opened here and now, a sentence. */
  readonly refused?: string;
}
