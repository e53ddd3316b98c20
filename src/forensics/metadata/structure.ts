// The blocks that a file consists of beside its pixels: which there are, what of them is damaged, what lies behind the end.
import type { Evidence, EvidenceRow } from "../record/evidence.js";
import type { Method } from "../record/method.js";
import { metadataOf } from "./metadata.js";
import { sentenceOf } from "./wording.js";

/** Bytes behind the end that are filling. */
const FILLING = 16;

export const structure: Method = {
  name: "structure",
  title: "Blocks of the file",
  kind: "metadata",
  measures:
    "which blocks of metadata the file has, whether they are whole, and whether bytes lie behind the end of the image",
  limits:
    "Damage has many innocent causes, and so have bytes behind the end: telephones keep moving pictures and depth there",
  source: "ITU-T T.81 (JPEG), W3C PNG, RFC 9649 (WebP), GIF89a",
  appliesTo: "all",
  async run(image): Promise<Evidence> {
    const { blocks, problems } = await metadataOf(image);
    const rows: EvidenceRow[] = blocks.found.map(({ kind, bytes }) => ({
      label: `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`,
      value: `${bytes} bytes`,
    }));
    if (blocks.trailing > 0) rows.push({ label: "Behind the end of the image", value: `${blocks.trailing} bytes` });
    const notes = [...problems];
    if (blocks.trailing > FILLING) notes.push(`${blocks.trailing} bytes lie behind the end of the image`);
    if (notes.length > 0) return { finding: "notable", sentence: sentenceOf(notes), rows };
    if (rows.length === 0)
      return {
        finding: "shown",
        sentence: "The file has no metadata. Messengers and web sites remove them, so this is no sign of forgery.",
      };
    return { finding: "shown", sentence: "All blocks of the file are whole.", rows };
  },
};
