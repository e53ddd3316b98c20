// Programs that a file went through, by the names that they leave in it.
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { type FileMetadata, metadataOf } from "./metadata.js";
import { quoted, sentenceOf } from "./wording.js";

/** Programs by what they are for. The first pattern that fits a name decides. */
const PROGRAMS: readonly (readonly [pattern: RegExp, use: string])[] = [
  [
    /lightroom|camera raw|capture one|darktable|rawtherapee|dxo|acdsee|digital photo professional|capture nx|nx studio/i,
    "develops raw photographs",
  ],
  [
    /photoshop|gimp|affinity|pixelmator|paint ?shop|paint\.net|photopea|snapseed|picsart|facetune|faceapp|luminar|krita|photoscape|meitu|lightleap|canva|pixlr|fotor|remini|vsco|polarr|touchretouch/i,
    "edits pictures",
  ],
  [
    /imagemagick|graphicsmagick|gd-jpeg|gd v|libvips|\bpillow\b|\bpil\b|opencv|lavc|ffmpeg|sharp|jpegmini|tinypng|mozjpeg/i,
    "converts or shrinks pictures",
  ],
  [
    /picasa|google photos|photos \d|windows photo|microsoft|irfanview|xnview|preview|faststone|digikam|shotwell|acd systems/i,
    "shows and sorts photographs, and edits them a little",
  ],
  [/exiftool|exiv2|exifer|metadata\+\+|geosetter/i, "changes metadata"],
  [/scan|epson|vuescan|silverfast/i, "scans prints"],
  [/screenshot|snipping|greenshot|snagit/i, "takes pictures of a screen"],
];

/** Entries that name programs. */
function programsIn({ exif, iptc, xmp, texts }: FileMetadata): EvidenceRow[] {
  const rows: EvidenceRow[] = [];
  const add = (label: string, value: string | undefined): void => {
    if (value !== undefined && value !== "" && !rows.some((row) => row.label === label && row.value === value))
      rows.push({ label, value });
  };
  for (const name of ["Software", "ProcessingSoftware", "HostComputer"]) add(`EXIF ${name}`, exif.get(name));
  add("IPTC Originating Program", iptc.get("Originating Program"));
  for (const { name, value } of xmp)
    if (["xmp:CreatorTool", "tiff:Software", "stEvt:softwareAgent", "xmp:HistorySoftwareAgent"].includes(name))
      add(`XMP ${name}`, value);
  for (const { name, text } of texts) {
    if (/^software$/i.test(name)) add(`PNG ${name}`, text.slice(0, 200));
    // Comments say anything; those that name a program begin with it.
    if (
      name === "comment" &&
      /^(creator|lavc|file written by|handmade|optimi[sz]ed|processed|gimp|created with)/i.test(text)
    )
      add("Comment", text.slice(0, 200));
  }
  return rows.slice(0, 40);
}

export const software: Method = {
  name: "software",
  title: "Programs",
  kind: "metadata",
  measures: "programs that name themselves in the file, and their uses",
  limits:
    "Programs need not name themselves, and names are easily removed or invented; most edited photographs are honest ones, brightened or cut",
  source: "CIPA DC-008 (Exif 3.0), ISO 16684-1 (XMP), W3C PNG (Software)",
  appliesTo: "all",
  async run(image): Promise<Evidence> {
    const metadata = await metadataOf(image);
    const rows = programsIn(metadata);
    const steps = metadata.xmp.filter(({ name }) => name === "stEvt:action").length;
    if (steps > 0) rows.push({ label: "Steps in the history of XMP", value: String(steps) });
    if (metadata.blocks.resources !== undefined)
      rows.push({ label: "Blocks of Photoshop's form", value: `${metadata.blocks.resources.length} bytes` });
    if (rows.length === 0)
      return {
        finding: "unable",
        sentence: "No program names itself in the file, as after most messengers and web sites.",
        rows,
      };
    const uses = new Map<string, string>();
    for (const { value } of rows) {
      const use = PROGRAMS.find(([pattern]) => pattern.test(value))?.[1];
      if (use !== undefined && !uses.has(use)) uses.set(use, value);
    }
    if (uses.size === 0)
      return {
        finding: "none",
        sentence:
          "The programs that name themselves in the file are none that edits pictures, as far as they are known here.",
        rows,
      };
    return {
      finding: "notable",
      sentence: `${sentenceOf([...uses].map(([use, value]) => `the file went through ${quoted(value)}, which ${use}`))} That is no sign of forgery; ask for the changes.`,
      rows,
    };
  },
};
