// Evidence: what one method found in one image, as plain data. It never says that an image is forged or genuine; the
// findings differ in what they say about the claim that a file is a photograph of the time and place that it states.

/**
 * Findings of a method, by what they say about the claim of a file to be a photograph as its camera, time and place
 * state it.
 */
export const FINDINGS = [
  /** A signature proves where the file comes from, and that it is unchanged since. */
  "verifies",
  /** Two facts of the file cannot both be true of such a photograph. */
  "contradicts",
  /** Agreement that an honest photograph shows, and that a careful forger can make as well. */
  "supports",
  /** Something that a reader should know, with innocent explanations. */
  "notable",
  /** The method examined the image and found nothing. */
  "none",
  /** A picture for a trained eye, from which no conclusion is drawn. */
  "shown",
  /** The file has nothing that the method could examine: too small, another format, no such entries. */
  "unable",
] as const;
/** The weight of a method's evidence, in one word. */
export type FindingOfMethod = (typeof FINDINGS)[number];

/** A value of each place of the image, to be laid over it. */
export interface EvidenceMap {
  /** Meaning of the map, such as `"difference after saving with quality 60"`. */
  readonly title: string;
  /**
   * Size in cells; the map covers the whole image as stored, before orientation, at any size. Cells of one block
   * each keep maps small.
   */
  readonly height: number;
  /** Width in cells. */
  readonly width: number;
  /** `height * width` values, rows from the top: 0 is `low`, 255 is `high`. */
  readonly values: Uint8Array;
  /** Meaning of 0, a few words such as `"compressed once"`. */
  readonly low: string;
  /** Meaning of 255, a few words. */
  readonly high: string;
}

/** A part of the image that evidence is about, in pixels as stored. */
export interface Region {
  /** Column of the left edge, in pixels. */
  readonly x: number;
  /** Row of the upper edge, in pixels. */
  readonly y: number;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Label on the picture, such as `"copy 1"`. */
  readonly label: string;
}

/** A line of a table of what was read or measured. Values out of files are shown as text and nothing else. */
export interface EvidenceRow {
  /** The name of the value. */
  readonly label: string;
  /** The value as text. */
  readonly value: string;
}

/** A method's answer about an image. */
export interface Evidence {
  /** The weight of the evidence. */
  readonly finding: FindingOfMethod;
  /** A sentence for a reader who knows nothing about the method: what was found, or why it could not look. */
  readonly sentence: string;
  /** Values that were read or measured, line by line. */
  readonly rows?: readonly EvidenceRow[];
  /** A map over the image; none for methods without. */
  readonly map?: EvidenceMap;
  /** Further maps, such as the differences at each quality. */
  readonly maps?: readonly EvidenceMap[];
  /** Parts of the image to be outlined. */
  readonly regions?: readonly Region[];
}
