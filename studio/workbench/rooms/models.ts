// Models: what those of runs answer about images, where they look, and their files in other formats.
import { askedOf } from "../models.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects" | "models">;

export function modelRoom({ projects, models }: Needs): Room<"models", "explanation" | "export"> {
  return {
    handlers: {
      predict: async ({ project, run, image }) =>
        models.predict(projects.runPath(run), askedOf(projects.get(project), image)),
    },
    files: {
      explanation: async ({ project, run, image, method }) =>
        models.explanation(projects.runPath(run), askedOf(projects.get(project), Number(image)), method),
      export: async ({ run, format }) => models.export(projects.runPath(run), run, format),
    },
    close: () => models.close(),
  };
}
