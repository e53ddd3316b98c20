// A project's images: pages of them, their labels and the journal of these, what they look like.
import { codeOfData, historyPage } from "../history.js";
import { imageDetails } from "../image-details.js";
import { lookAtProject, lookFacts } from "../look-job.js";
import { scoresOf } from "../scores.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "disk" | "projects" | "jobs" | "models" | "changed">;

export const dataRoom = ({ disk, projects, jobs, models, changed }: Needs): Room<"data"> => ({
  handlers: {
    images: async ({ project, filter, order, from, count }) => projects.get(project).page(filter, from, count, order),
    numbers: async ({ project, filter, order, from, count }) => [
      ...projects
        .get(project)
        .index.matching(filter, order)
        .subarray(from, from + count),
    ],
    counts: async ({ project, part }) => projects.get(project).counts(part),
    image: async ({ project, image }) => imageDetails(projects.get(project), image, (path) => disk.readBytes(path)),
    relabel: async ({ project: id, images, to, why, by }) => {
      const project = projects.get(id);
      await project.labels.change(images, to, { why, by });
      return changed(project);
    },
    undo: async ({ project: id, by }) => {
      const project = projects.get(id);
      await project.labels.undo({ by });
      return changed(project);
    },
    history: async ({ project, from, count }) => historyPage(projects.get(project), from, count),
    look: async ({ project }) => lookFacts(projects.get(project)),
    startLook: async ({ project: id }) => {
      const project = projects.get(id);
      const name = `Looking at ${project.name}`;
      const running = jobs.running({ project: id, kind: "look", name });
      if (running !== undefined) return running;
      const job = jobs.add({ project: id, kind: "look", name, total: project.facts.images });
      job.work(() => lookAtProject(project, job)).catch(() => undefined);
      return job.facts;
    },
    startScores: async ({ project: id, run }) => {
      const project = projects.get(id);
      const path = projects.runPath(run);
      const facts = { project: id, kind: "score", name: run } as const;
      const known = jobs.running(facts) ?? (project.scoresOf(run) && jobs.last(facts));
      if (known !== undefined) return known;
      return jobs.queue({ ...facts, total: project.facts.images }, async (job) => {
        project.keepScores(run, await models.use(path, (model) => scoresOf(project, model, job)));
      });
    },
    dataCode: async ({ project }) => codeOfData(projects.get(project)),
  },
  files: {},
});
