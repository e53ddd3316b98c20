// The camera that a file claims: whether maker, model, the maker's notes and the size of the picture fit together.
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { type FileMetadata, metadataOf } from "./metadata.js";
import { latin1 } from "./pieces.js";
import { quoted, sentenceOf } from "./wording.js";

interface Maker {
  readonly name: string;
  /** Form of the entry `Make`. */
  readonly make: RegExp;
  /** Form of the entry `Model`; another maker's model under its name is a contradiction. */
  readonly model?: RegExp;
  /** The beginning of its notes; undefined where they have no mark. */
  readonly mark?: RegExp;
}

/** Makers whose cameras write notes into every file, with the marks by which ExifTool's MakerNotes.pm knows them. */
const MAKERS: readonly Maker[] = [
  { name: "Canon", make: /^canon/i, model: /\bcanon\b/i },
  { name: "Nikon", make: /^nikon/i, model: /\bnikon\b|^coolpix/i, mark: /^Nikon\0/ },
  { name: "Sony", make: /^sony/i, mark: /^SONY (DSC|CAM|MOBILE)|^\0\0SONY PIC\0/ },
  { name: "Fujifilm", make: /^fuji/i, mark: /^(FUJIFILM|GENERALE)/ },
  { name: "Olympus", make: /^(olympus|om digital)/i, mark: /^(OLYMP\0|OLYMPUS\0|OM SYSTEM\0)/ },
  { name: "Panasonic", make: /^panasonic/i, mark: /^Panasonic\0/ },
  { name: "Pentax", make: /^(pentax|asahi)/i, model: /\bpentax\b/i, mark: /^(AOC\0|PENTAX \0)/ },
  { name: "Apple", make: /^apple/i, model: /\b(iphone|ipad|ipod)\b/i, mark: /^Apple iOS\0/ },
];

/** The maker whose mark begins the notes. */
const markedBy = (note: Uint8Array): Maker | undefined => {
  const start = latin1(note.subarray(0, 16));
  return MAKERS.find(({ mark }) => mark?.test(start));
};

/** Entries that cameras write of the exposure. */
const EXPOSURE = ["ExposureTime", "FNumber", "ISOSpeedRatings", "PhotographicSensitivity", "FocalLength"];

function conflictsIn({ exif, makerNote }: FileMetadata): { contradictions: string[]; notes: string[] } {
  const [contradictions, notes]: [string[], string[]] = [[], []];
  const make = exif.get("Make") ?? "";
  const model = exif.get("Model") ?? "";
  const claimed = MAKERS.find((maker) => maker.make.test(make));
  const ofModel = MAKERS.find((maker) => maker.model?.test(model));
  if (claimed !== undefined && ofModel !== undefined && claimed !== ofModel)
    contradictions.push(`the maker is ${quoted(make)}, and the model ${quoted(model)} is one of ${ofModel.name}`);
  if (makerNote !== undefined) {
    const marked = markedBy(makerNote);
    if (claimed !== undefined && marked !== undefined && marked !== claimed)
      contradictions.push(`the maker is ${quoted(make)}, and the maker's notes are in the form of ${marked.name}`);
  } else if (claimed !== undefined)
    notes.push(
      `cameras of ${claimed.name} write notes of their own into every file, and this file has none, as after most programs that save pictures`,
    );
  if (claimed !== undefined && !EXPOSURE.some((name) => exif.has(name)))
    notes.push("camera and model are stated, and nothing about the exposure");
  return { contradictions, notes };
}

export const camera: Method = {
  name: "camera",
  title: "Camera",
  kind: "metadata",
  measures:
    "whether maker, model, the maker's own notes, the entries about the exposure and the size of the picture fit together",
  limits:
    "Knows the notes of eight makers; programs that save pictures remove or copy these entries, and a forger can copy all of them from another photograph",
  source: "CIPA DC-008 (Exif 3.0), marks of makers' notes as in ExifTool (MakerNotes.pm)",
  appliesTo: "all",
  async run(image): Promise<Evidence> {
    const metadata = await metadataOf(image);
    const { exif, makerNote } = metadata;
    const rows: EvidenceRow[] = [];
    for (const name of [
      "Make",
      "Model",
      "LensModel",
      "BodySerialNumber",
      ...EXPOSURE,
      "PixelXDimension",
      "PixelYDimension",
    ]) {
      const value = exif.get(name);
      if (value !== undefined) rows.push({ label: `EXIF ${name}`, value });
    }
    if (makerNote !== undefined) rows.push({ label: "Maker's notes", value: `${makerNote.length} bytes` });
    if (!exif.has("Make") && !exif.has("Model"))
      return {
        finding: "unable",
        sentence:
          "The file names no camera. Messengers and web sites remove it from every photograph, so this is no sign of forgery.",
        rows,
      };
    const { contradictions, notes } = conflictsIn(metadata);
    const stated = [Number(exif.get("PixelXDimension")), Number(exif.get("PixelYDimension"))];
    const { width = 0, height = 0 } = image.header ?? {};
    const isStated = stated.every((extent) => extent > 0) && width > 0;
    const fits = [`${width} ${height}`, `${height} ${width}`].includes(stated.join(" "));
    if (isStated && !fits)
      notes.push(
        `the camera states a picture of ${stated.join(" x ")} pixels, and the file has ${width} x ${height}: it was cut or resized since`,
      );
    if (contradictions.length > 0)
      return { finding: "contradicts", sentence: sentenceOf([...contradictions, ...notes]), rows };
    if (notes.length > 0) return { finding: "notable", sentence: sentenceOf(notes), rows };
    return makerNote === undefined
      ? { finding: "none", sentence: "A camera is named, and nothing about it contradicts the file.", rows }
      : { finding: "supports", sentence: "Camera, exposure and the maker's own notes fit together.", rows };
  },
};
