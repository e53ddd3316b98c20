// Traces of image generators in metadata: settings and prompts as text, names of programs, and IPTC's digital source
// type, which cameras and editors write as well. The statements of a file are believed; pixels are not examined.
import { ownValue } from "../../core/lookup.js";
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { type FileMetadata, metadataOf } from "./metadata.js";
import { type SourceType, sourceTypeOf } from "./source-types.js";
import { quoted, sentenceOf } from "./wording.js";

/** Texts of PNG that generators write, by keyword: the program, and what the text begins with or holds. */
const KEYWORDS: Readonly<Record<string, readonly (readonly [program: string, form: RegExp])[]>> = {
  parameters: [["Stable Diffusion (AUTOMATIC1111 or a relative)", /\bSteps: \d+.*\bSampler: /s]],
  prompt: [["ComfyUI", /"class_type"\s*:/]],
  workflow: [["ComfyUI", /"(nodes|last_node_id)"\s*:/]],
  "sd-metadata": [["InvokeAI", /^\s*\{/]],
  invokeai_metadata: [["InvokeAI", /^\s*\{/]],
  invokeai_graph: [["InvokeAI", /^\s*\{/]],
  Dream: [["InvokeAI", /-s\s*\d+|-S\s*\d+/]],
  generation_data: [["Tensor.Art", /^\s*\{/]],
  Comment: [["NovelAI", /"(sampler|uc|noise_schedule)"\s*:/]],
  Description: [["Midjourney", /\bJob ID: [0-9a-f-]{36}/]],
  fooocus_scheme: [["Fooocus", /./]],
};

/** Names of generators in entries that name a program or a maker. */
const NAMES =
  /midjourney|dall[-·. ]?e\b|stable[ -]?diffusion|novelai|comfyui|invokeai|fooocus|adobe firefly|imagen \d|made with google ai|leonardo\.ai|ideogram|automatic1111|flux\.1|gpt-image|openai|bing image creator|runwayml/i;

const AI_ENTRIES = ["Iptc4xmpExt:AISystemUsed", "Iptc4xmpExt:AIPromptInformation", "Iptc4xmpExt:AIPromptWriterName"];

export const generators: Method = {
  name: "generators",
  title: "Declared origin",
  kind: "metadata",
  measures:
    "whether the file itself says that a program generated it: settings and prompts of image generators, their names, and IPTC's digital source type",
  limits:
    "Finds declarations of generators only; most platforms remove these entries, so that a generated picture without them looks like any other",
  source:
    "IPTC Digital Source Type NewsCodes (cv.iptc.org/newscodes/digitalsourcetype), documents of the programs named",
  appliesTo: "all",
  async run(image): Promise<Evidence> {
    const metadata = await metadataOf(image);
    const rows: EvidenceRow[] = [];
    const against: string[] = [...textsOfGenerators(metadata, rows), ...namesOfGenerators(metadata, rows)];
    const declared = declaredTypes(metadata, rows);
    for (const { finding, meaning } of declared)
      if (finding === "contradicts") against.push(`the file declares itself ${meaning}`);
    if (against.length > 0)
      return { finding: "contradicts", sentence: `${sentenceOf(against)} By its own words it is no photograph.`, rows };
    const [first] = declared;
    if (first !== undefined)
      return { finding: first.finding, sentence: `The file declares itself ${first.meaning}.`, rows };
    const { exif, iptc, xmp, texts } = metadata;
    if (exif.size + iptc.size + xmp.length + texts.length === 0)
      return {
        finding: "unable",
        sentence:
          "The file has no metadata in which a generator could name itself. A generated picture need not name it, and its pixels are not examined for that.",
      };
    return {
      finding: "none",
      sentence:
        "Nothing in the file says that a program generated it. A generated picture need not say so, and its pixels are not examined for that.",
      rows,
    };
  },
};

function* textsOfGenerators({ texts, exif }: FileMetadata, rows: EvidenceRow[]): Generator<string> {
  const comment = exif.get("UserComment") ?? "";
  for (const { name, text } of [...texts, { name: "parameters", text: comment }])
    for (const [program, form] of ownValue(KEYWORDS, name) ?? [])
      if (form.test(text.slice(0, 20_000))) {
        rows.push({ label: text === comment ? "EXIF UserComment" : `Text "${name}"`, value: text.slice(0, 300) });
        yield `the file has settings of the image generator ${program}`;
      }
}

function* namesOfGenerators({ texts, exif, xmp, iptc }: FileMetadata, rows: EvidenceRow[]): Generator<string> {
  const entries = [
    ...["Software", "Artist", "ImageDescription", "Make", "Model"].map((name) => [`EXIF ${name}`, exif.get(name)]),
    ...["Credit", "Originating Program", "By-line"].map((name) => [`IPTC ${name}`, iptc.get(name)]),
    ...xmp
      .filter(({ name }) => /^(xmp:CreatorTool|photoshop:Credit|stEvt:softwareAgent|dc:creator)$/.test(name))
      .map(({ name, value }) => [`XMP ${name}`, value]),
    ...texts
      .filter(({ name }) => /^(software|source|title|author)$/i.test(name))
      .map(({ name, text }) => [`Text "${name}"`, text.slice(0, 300)]),
  ] as const;
  for (const [label = "", value] of entries)
    if (value !== undefined && NAMES.test(value)) {
      rows.push({ label, value });
      yield `${label} names an image generator: ${quoted(value)}`;
    }
  for (const { name, value } of xmp)
    if (AI_ENTRIES.includes(name)) {
      rows.push({ label: `XMP ${name}`, value });
      yield `the file names an AI system that was used: ${quoted(value)}`;
    }
}

function declaredTypes({ xmp }: FileMetadata, rows: EvidenceRow[]): SourceType[] {
  const found: SourceType[] = [];
  for (const { name, value } of xmp) {
    if (name !== "Iptc4xmpExt:DigitalSourceType" && name !== "Iptc4xmpExt:digitalSourceType") continue;
    rows.push({ label: "IPTC Digital Source Type", value });
    const unknown = { finding: "notable", meaning: `of a type that is not known here: ${quoted(value)}` } as const;
    found.push(sourceTypeOf(value) ?? unknown);
  }
  return found;
}
