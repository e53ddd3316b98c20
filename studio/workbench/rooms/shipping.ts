// Shipping: the questions before a model is given away, the lines of its card, its run as a folder of code, and its model as a
// page or a program.
import { checklist, RunFolder, readCardLines, writeCardLines } from "fovea/experiment";
import type { ShippingFacts } from "../../contract/shipping-calls.js";
import { codeFolder } from "../code-folder.js";
import { deployed } from "../deployed.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects">;

async function factsAt(path: string): Promise<ShippingFacts> {
  const folder = await RunFolder.open(path);
  return { checks: await checklist(folder), card: await readCardLines(folder) };
}

export const shippingRoom = ({ projects }: Needs): Room<"shipping", "code" | "deployed"> => ({
  handlers: {
    shipping: async ({ run }) => factsAt(projects.runPath(run)),
    writeCard: async ({ run, lines }) => {
      const path = projects.runPath(run);
      await writeCardLines(await RunFolder.open(path), lines);
      return factsAt(path);
    },
  },
  files: {
    code: async ({ project, run }) => codeFolder(projects.runPath(run), run, projects.get(project)),
    deployed: async ({ run, form }) => deployed(projects.runPath(run), run, form),
  },
});
