// Networks: the layers of a run's or an opened model's network, and what they do with an image.
import type { TrainedModel } from "fovea/experiment";
import type { AskedInput } from "../../contract/call.js";
import { askedOf, imagesOf } from "../models.js";
import { mapsOf, networkOf, previewsOf, sumOf } from "../network.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "projects" | "models">;
type Images = Awaited<ReturnType<typeof imagesOf>>;

export function networkRoom({ projects, models }: Needs): Room<"networks"> {
  /** Has work done with a run's model and an image as it takes it. */
  const asked = <T>(
    { project, run, image }: { readonly project: string; readonly run: string; readonly image: AskedInput },
    work: (model: TrainedModel, images: Images) => Promise<T>,
  ): Promise<T> => {
    const source = askedOf(projects.get(project), image);
    return models.use(projects.runPath(run), async (model) => work(model, await imagesOf(model, source)));
  };
  return {
    handlers: {
      network: async ({ run }) => {
        const path = projects.runPath(run);
        return { ...(await models.use(path, async (model) => networkOf(model))), path };
      },
      previews: (input) => asked(input, previewsOf),
      layerMaps: (input) => asked(input, (model, image) => mapsOf(model, image, input.layer)),
      channelSum: (input) => asked(input, (model, image) => sumOf(model, image, input)),
    },
    files: {},
  };
}
