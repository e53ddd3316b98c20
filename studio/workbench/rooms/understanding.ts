// Understanding: the images of a run's parts judged and taken apart, and training images that its model takes for alike.
import type { JudgedImage } from "../../contract/facts.js";
import { breakdownOf } from "../breakdown.js";
import { labelledPart } from "../labelled.js";
import { askedOf } from "../models.js";
import { NeighbourSearch } from "../neighbours.js";
import { judgePart } from "../run-parts.js";
import { runDetails } from "../runs.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects" | "models">;

export function understandingRoom({ projects, models }: Needs): Room<"understanding"> {
  const search = new NeighbourSearch(models);
  return {
    handlers: {
      breakdown: async ({ project: id, run, part }) => {
        const [project, path] = [projects.get(id), projects.runPath(run)];
        const { judged: tested, classNames } = await runDetails(path, run, project);
        // The test images were judged when the run ended.
        const judged: readonly JudgedImage[] =
          part === "test" ? tested : await models.use(path, (model) => judgePart(path, project, part, model));
        return breakdownOf(judged, classNames, project);
      },
      labelled: async ({ project, run, part }) => {
        const path = projects.runPath(run);
        return models.use(path, (model) => labelledPart(path, projects.get(project), part, model));
      },
      neighbours: async ({ project: id, run, image }) => {
        const project = projects.get(id);
        return search.find(projects.runPath(run), project, askedOf(project, image));
      },
    },
    files: {},
  };
}
