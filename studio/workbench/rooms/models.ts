// Models: what those of runs answer about images, where they look, and their files in other formats.
import { judgePart } from "../judge.js";
import type { AskedImage } from "../models.js";
import type { Project } from "../project.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects" | "models">;

export function modelRoom({ projects, models }: Needs): Room<"models", "explanation" | "export"> {
  return {
    handlers: {
      judge: async ({ project, run, part }) => {
        const path = projects.runPath(run);
        return models.use(path, (model) => judgePart(path, projects.get(project), part, model));
      },
      predict: async ({ project, run, image }) => {
        const asked: AskedImage =
          typeof image === "number"
            ? askedOf(projects.get(project), image)
            : { name: image.name, source: async () => Uint8Array.from(atob(image.base64), (c) => c.charCodeAt(0)) };
        return models.predict(projects.runPath(run), asked);
      },
    },
    files: {
      explanation: async ({ project, run, image, method }) =>
        models.explanation(projects.runPath(run), askedOf(projects.get(project), Number(image)), method),
      export: async ({ run, format }) => models.export(projects.runPath(run), run, format),
    },
    close: () => models.close(),
  };
}

function askedOf(project: Project, index: number): AskedImage {
  const { path, source } = project.image(index).image;
  return { name: path, source };
}
