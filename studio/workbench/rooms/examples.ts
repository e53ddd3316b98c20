// Quick start: classes with their examples, and the archive that they are packed into.
import { journalPath } from "fovea/experiment";
import { filesHere } from "fovea/files";
import type { ExampleSet } from "../../contract/example-calls.js";
import { contentOf, Examples, type KeptExamples } from "../examples.js";
import { checkedPicture } from "../pictures.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "disk" | "projects">;

export function exampleRoom({ disk, projects }: Needs): Room<"examples", "example"> {
  const examples = new Examples(disk.home);
  const told = async (set: string, kept: Promise<KeptExamples>): Promise<ExampleSet> => {
    const { classes, archive } = await kept;
    const project = archive?.content === contentOf(classes) ? await projects.idOf(archive.path) : undefined;
    return { set, classes, ...(project === undefined ? {} : { project }) };
  };
  return {
    handlers: {
      exampleSets: () => examples.sets(),
      examples: ({ set }) => told(set, examples.read(set)),
      nameClasses: ({ set, classes }) => told(set, examples.nameClasses(set, classes)),
      addExamples: ({ set, class: id, source, images }) =>
        told(
          set,
          examples.add(
            set,
            id,
            source,
            images.map((image) => Uint8Array.from(atob(image), (c) => c.charCodeAt(0))),
          ),
        ),
      removeExample: ({ set, class: id, file }) => told(set, examples.remove(set, id, file)),
      packExamples: async ({ set }) => {
        const { path, before } = await examples.pack(set);
        if (before !== undefined) await bringLabels(before, path);
        return (await projects.open(path)).facts;
      },
    },
    files: { example: async ({ set, file }) => checkedPicture(await examples.readBytes(set, file)) },
  };
}

/** Takes labels that somebody has corrected along: the journal knows images by their bytes. */
async function bringLabels(from: string, to: string): Promise<void> {
  const journal = await journalPath(from);
  if (await filesHere.exists(journal))
    await filesHere.writeAtomic(await journalPath(to), await filesHere.readBytes(journal));
}
