// Additions: photos with their labels that become training images.
import { addPhoto } from "../additions.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects">;

export const additionRoom = ({ projects }: Needs): Room<"additions"> => ({
  handlers: {
    addPhoto: async ({ project, image: { name, base64 }, label, why }) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      return addPhoto(projects, projects.get(project), { name, bytes, label, why });
    },
  },
  files: {},
});
