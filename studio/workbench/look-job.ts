// A look at all images of a project, in the background, with what it found as the page shows it.
import type { FindingFacts, LookFacts } from "../contract/data-facts.js";
import type { BackgroundJob } from "./background-job.js";
import { countedNames, lookAt, modeOf, pixelsOf } from "./look.js";
import type { Project } from "./project.js";

/** Sizes and images of a finding that are told. */
const MOST_SIZES = 12;
const MOST_EXAMPLES = 12;

/** Looks at all images, and leaves what it saw with the project. @throws FoveaError where it is stopped */
export async function lookAtProject(project: Project, job: BackgroundJob): Promise<void> {
  const look = await lookAt(
    {
      sources: project.lookedSources,
      count: project.facts.images,
      fileOf: (index) => project.fileOf(index),
      partOf: (index) => project.image(index).part,
      labelOf: (index) => project.image(index).label,
    },
    { signal: job.signal, onProgress: (done) => job.change({ done }) },
  );
  project.look = look;
  await project.labels.learn(look.hashes.entries());
}

/** The findings of a look, as the page shows them. */
export function lookFacts(project: Project): LookFacts {
  const { look } = project;
  if (look === undefined) return { isComplete: false, sizes: [], sizeCount: 0, modes: [], findings: [] };
  const all = Array.from({ length: project.facts.images }, (_, index) => index);
  const sizes = countedNames(all.map((index) => pixelsOf(look, index)));
  return {
    isComplete: true,
    sizes: sizes.slice(0, MOST_SIZES),
    sizeCount: sizes.length,
    modes: countedNames(all.map((index) => modeOf(look, index))),
    findings: look.findings.map(
      ({ images, ...finding }): FindingFacts => ({
        ...finding,
        count: images.length,
        examples: images.slice(0, MOST_EXAMPLES).map((index) => {
          const { part } = project.image(index);
          return { index, file: project.fileOf(index), ...(part === undefined ? {} : { part }) };
        }),
      }),
    ),
  };
}
