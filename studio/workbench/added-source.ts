// Images that a project's label journal has added: they stand behind those of its sources, and lie beside the journal.
import { type AddedImage, addedImages, openJournal } from "fovea/experiment";
import { filesHere } from "fovea/files";
import type { SourceFolder } from "./disk.js";
import type { SourceLabels } from "./source-labels.js";

/** The images that the journal at a path adds. */
export const addedTo = async (journal: string): Promise<readonly AddedImage[]> =>
  addedImages(await (await openJournal(journal)).read());

/** Added images as a source that stands behind the others. */
export function addedSource(
  added: readonly AddedImage[],
  first: SourceLabels,
): SourceFolder & { readonly labels: SourceLabels } {
  const images = added.map(({ file, path }) => ({ path: file, size: 0, source: () => filesHere.readBytes(path) }));
  return {
    source: {
      kind: "images",
      listing: { where: "added images", images, columns: {}, findings: [] },
      sentence: "",
    },
    labels: { ...first, labelOf: (row) => added[row]!.label },
  };
}
