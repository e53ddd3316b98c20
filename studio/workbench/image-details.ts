// All that is known of one image, for the inspector: its file, its pixels, what the source and the journal say, images alike.
import { FoveaError } from "fovea";
import { imageFileFacts } from "fovea/data";
import type { JournalEntry } from "fovea/experiment";
import type { ImageDetails, LabelChange } from "../contract/data-facts.js";
import { nearestTo } from "./look.js";
import { type Project, sha256Of } from "./project.js";

/** Images alike that are shown. */
const NEAREST = 5;

/** @param read brings the bytes of a file of the disk */
export async function imageDetails(
  project: Project,
  index: number,
  read: (path: string) => Promise<Uint8Array>,
): Promise<ImageDetails> {
  const source = await project.bytes(index);
  const bytes = typeof source === "string" ? await read(source) : source;
  const file = project.fileOf(index);
  const entries =
    project.labels.version === 0 || project.labels.images.labelOf(index) === undefined
      ? []
      : await project.labels.historyOf(index);
  return {
    index,
    file,
    size: bytes.length,
    ...(await pixelsOf(bytes, file)),
    sha256: await sha256Of(bytes),
    columns: columnsOf(project, index),
    history: entries.map((entry) => changeOf(entry, project)).reverse(),
    nearest: nearest(project, index),
  };
}

async function pixelsOf(bytes: Uint8Array, file: string): Promise<Pick<ImageDetails, "pixels" | "error">> {
  try {
    const { format, mode, depth, orientation, pixels, lowest, highest, mean, metadata } = await imageFileFacts(
      bytes,
      file,
    );
    const [height = 0, width = 0] = pixels.shape;
    const entries = Object.entries(metadata).map(([name, value]) => ({ name, value }));
    return {
      pixels: { format, mode, depth, orientation, height, width, lowest, highest, mean, metadata: entries },
    };
  } catch (error) {
    if (error instanceof FoveaError) return { error: error.message };
    throw error;
  }
}

function columnsOf(project: Project, index: number): ImageDetails["columns"] {
  const { source, row } = project.image(index);
  const { listing } = source.source;
  const facts = [
    ...Object.entries(listing.columns),
    ...(["group", "date", "exposure", "weight"] as const).flatMap((name) =>
      listing[name] === undefined ? [] : [[name, listing[name]] as const],
    ),
  ];
  return facts.map(([name, values]) => ({ name, value: textOf(values[row]) }));
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join("; ") : String(value ?? ""));

function nearest(project: Project, index: number): ImageDetails["nearest"] {
  const { look } = project;
  if (look === undefined || look.heights[index] === 0) return [];
  return nearestTo(look, index, NEAREST).map(({ index: other, likeness }) => ({
    index: other,
    file: project.fileOf(other),
    likeness,
  }));
}

/** An entry of the journal as the page shows it. */
export function changeOf(entry: JournalEntry, project: Project): LabelChange {
  const { file, from, to, when, by, why } = entry;
  const { labels } = project;
  const index = labels.indexOf(entry);
  const text = (label: JournalEntry["to"]): string | null => label && labels.images.textOf(label, index);
  return {
    ...(index === undefined ? {} : { index }),
    ...{ file, from: text(from), to: text(to), when },
    ...(by === undefined ? {} : { by }),
    ...(why === undefined ? {} : { why }),
  };
}
