// Answers to the calls about a project's images.
import type { Handlers } from "../contract/calls.js";
import type { DATA_CALLS } from "../contract/data-calls.js";
import type { JobFacts, ProjectFacts } from "../contract/facts.js";
import { codeOfData, historyPage } from "./history.js";
import { imageDetails } from "./image-details.js";
import { lookFacts } from "./look-job.js";
import type { Project } from "./project.js";

/** The part of the workbench that these calls need. */
export interface DataBench {
  project(id: string): Project;
  /** Tells everybody about a project that has changed. */
  changed(project: Project): ProjectFacts;
  startLook(project: Project): JobFacts;
  readBytes(path: string): Promise<Uint8Array>;
}

export const dataHandlers = (bench: DataBench): Pick<Handlers, keyof typeof DATA_CALLS> => ({
  images: async ({ project, filter, order, from, count }) => bench.project(project).page(filter, from, count, order),
  numbers: async ({ project, filter, order, from, count }) => [
    ...bench
      .project(project)
      .index.matching(filter, order)
      .subarray(from, from + count),
  ],
  counts: async ({ project, part }) => bench.project(project).counts(part),
  image: async ({ project, image }) => imageDetails(bench.project(project), image, bench.readBytes),
  relabel: async ({ project: id, images, to, why, by }) => {
    const project = bench.project(id);
    await project.labels.change(images, to, { why, by });
    return bench.changed(project);
  },
  undo: async ({ project: id, by }) => {
    const project = bench.project(id);
    await project.labels.undo({ by });
    return bench.changed(project);
  },
  history: async ({ project, from, count }) => historyPage(bench.project(project), from, count),
  look: async ({ project }) => lookFacts(bench.project(project)),
  startLook: async ({ project }) => bench.startLook(bench.project(project)),
  dataCode: async ({ project }) => codeOfData(bench.project(project)),
});
