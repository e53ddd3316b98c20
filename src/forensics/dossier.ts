// A dossier: all evidence about one image file as plain data, from which its page and its JSON are made.
import type { ImageFormat, Pixels } from "../data/index.js";
import type { Conclusion } from "./conclusion.js";
import type { MethodName } from "./methods.js";
import type { Evidence } from "./record/evidence.js";
import type { Method } from "./record/method.js";

export type { Pixels } from "../data/index.js";
export type { EvidenceMap, FindingOfMethod, Region } from "./record/evidence.js";

/** Evidence with the name and the words of its method. */
export interface MethodEvidence
  extends Evidence,
    Pick<Method, "title" | "kind" | "measures" | "limits" | "source" | "settings"> {
  /** The method's name. */
  readonly method: MethodName;
}

/** All that the methods found out about a file. */
export interface Dossier {
  /** Path or name of the file. */
  readonly image: string;
  /** SHA-256 of the file as it was examined, which nothing here writes to. */
  readonly sha256: string;
  /** Bytes of the file. */
  readonly bytes: number;
  /** The format by the file's first bytes. */
  readonly format: ImageFormat;
  /** Width and height in pixels as shown, upright; undefined where the header is damaged. */
  readonly width?: number;
  /** Height in pixels as shown, upright; undefined where the header is damaged. */
  readonly height?: number;
  /** Time of the last write to the file, in ISO 8601; undefined where the disk does not know. */
  readonly modified?: string;
  /** Programs that the result depends on, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** One of `CONCLUSIONS`. */
  readonly conclusion: Conclusion;
  /** The conclusion in two sentences. */
  readonly meaning: string;
  /** Evidence of each method; its maps and regions are turned upright, as the picture is shown. */
  readonly evidence: readonly MethodEvidence[];
  /** The image upright and reduced, where it was asked for and can be decoded. */
  readonly picture?: Pixels;
}

/**
 * A dossier as JSON for programs: all of it but the pixels of picture and maps.
 * @example
 * const dossier = await examine("photo.png");
 * JSON.stringify(dossierJson(dossier)); // conclusion and evidence, without pixels
 */
export const dossierJson = ({ image, sha256, bytes, conclusion, versions, evidence }: Dossier): object => ({
  ...{ image, sha256, bytes, conclusion },
  evidence: evidence.map(({ method, measures, finding, sentence, rows, settings, map, regions }) => ({
    ...{ method, measures, finding, sentence },
    ...(rows && { rows }),
    ...(settings && { settings }),
    ...(map && { map: { title: map.title, height: map.height, width: map.width, low: map.low, high: map.high } }),
    ...(regions && { regions }),
  })),
  versions,
});
