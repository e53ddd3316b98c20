// IPTC's digital source types, which cameras, editors and generators declare in XMP and in content credentials.
import { ownValue } from "../../core/lookup.js";
import type { FindingOfMethod } from "../record/evidence.js";

/** The bearing of a declared type on the claim to be a photograph. */
export interface SourceType {
  readonly finding: FindingOfMethod;
  readonly meaning: string;
}

const made = (meaning: string): SourceType => ({ finding: "contradicts", meaning });
const edited = (meaning: string): SourceType => ({ finding: "notable", meaning });
const taken = (meaning: string): SourceType => ({ finding: "supports", meaning });

/** IPTC's NewsCodes of digital source types, version of 2024: what they say against or for a photograph. */
const TYPES: Readonly<Record<string, SourceType>> = {
  digitalCapture: taken("a photograph as a camera took it"),
  computationalCapture: taken("a photograph that a device put together from several exposures"),
  negativeFilm: taken("a scan of negative film"),
  positiveFilm: taken("a scan of slide film"),
  print: edited("a scan of a print"),
  softwareImage: made("a picture made by a program"),
  humanEdits: edited("a photograph that a person edited"),
  minorHumanEdits: edited("a photograph with small edits by a person"),
  algorithmicallyEnhanced: edited("a photograph that a program enhanced"),
  compositeCapture: edited("a picture put together from photographs"),
  composite: edited("a picture put together from several"),
  compositeSynthetic: made("a picture put together from photographs and made-up parts"),
  compositeWithTrainedAlgorithmicMedia: made("a picture with parts that a trained model generated"),
  trainedAlgorithmicMedia: made("a picture that a trained model generated"),
  trainedAlgorithmicData: made("data that a trained model generated"),
  algorithmicMedia: made("a picture made by a program without a trained model"),
  dataDrivenMedia: made("a picture drawn from data"),
  digitalArt: made("a drawing made by a person on a computer"),
  digitalCreation: made("a picture made by a person on a computer"),
  virtualRecording: made("a recording of a made-up scene"),
  screenCapture: edited("a picture of a screen"),
};

/**
 * A declared type.
 * @param code the address of the code, or its last part alone
 * @returns undefined for a code that is not known
 */
export const sourceTypeOf = (code: string): SourceType | undefined => ownValue(TYPES, code.split("/").at(-1) ?? "");
