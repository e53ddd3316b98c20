// Method: the tables of a JPEG file, and the program and quality that they tell.
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { estimatedQuality, knownProgram, type QuantizationTable } from "./quantization.js";
import { hasOptimizedTables, readStructure, subsamplingOf } from "./structure.js";

const FRAMES: Readonly<Record<number, string>> = {
  192: "baseline, Huffman codes",
  193: "extended sequential, Huffman codes",
  194: "progressive, Huffman codes",
  201: "extended sequential, arithmetic codes",
  202: "progressive, arithmetic codes",
};

/** The first steps of a table, which tell it from others. */
const stepsOf = (table: QuantizationTable): string => [...table.subarray(0, 8)].join(" ");

export const tables: Method = {
  name: "tables",
  title: "Compression tables",
  kind: "compression",
  measures:
    "which quality the quantisation tables of a JPEG file have, which programs write such tables, and how its colours and codes are stored",
  limits:
    "Tables show the last program that saved the file, and most programs share libjpeg's; every honest photo that was sent or resized was saved by some program",
  source: "Farid, Digital image ballistics from JPEG quantization, Dartmouth TR2006-583; ITU-T T.81",
  appliesTo: ["JPEG"],
  run({ bytes }): Evidence {
    const structure = readStructure(bytes);
    const { frame, tables: all, applications, scans } = structure;
    const luminance = all[frame.components[0]?.table ?? 0];
    const quality = estimatedQuality(all);
    const program = luminance && knownProgram(luminance);
    const rows: EvidenceRow[] = [
      { label: "Quality", value: quality === undefined ? "unknown" : `${quality} of 100, as ImageMagick estimates it` },
      { label: "Tables", value: program ?? "of no program that is listed here; cameras have their own" },
      { label: "Colour", value: `${frame.components.length} components, ${subsamplingOf(frame)}` },
      {
        label: "Coding",
        value: `${FRAMES[frame.marker] ?? `frame type ${frame.marker - 0xc0}`}, ${scans === 1 ? "1 scan" : `${scans} scans`}`,
      },
      { label: "Huffman tables", value: hasOptimizedTables(structure) ? "made for this image" : "the standard's" },
      { label: "Segments", value: applications.length === 0 ? "of no application" : applications.join(", ") },
    ];
    for (const [id, table] of all.entries())
      if (table !== undefined) rows.push({ label: `Table ${id}, first row`, value: stepsOf(table) });
    const said = quality === undefined ? "with tables of no known quality" : `with a quality of about ${quality}`;
    return {
      finding: "shown",
      sentence: `The file was last saved ${said}, by ${program === undefined ? "a camera or a program with its own tables" : `a program with ${program.replace(/, quality \d+$/, "")}`}.`,
      rows,
    };
  },
};
