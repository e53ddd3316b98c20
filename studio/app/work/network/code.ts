// The lines that compute a layer's maps of a photo and take one number of them apart.
import type { CodeFacts } from "../../../contract/facts.js";

export const codeOf = (run: string, layer: string): CodeFacts => ({
  typescript: `import { imagesFor, openModel } from "fovea/experiment";
import { activations, channelSum, layerFacts } from "fovea/explain";

const trained = await openModel(${JSON.stringify(run)});
const { model } = trained;
console.table(layerFacts(model).map(({ name, type, params }) => ({ name, type, params })));
const image = await imagesFor(trained, ["photo.jpg"]);
const maps = (await activations(model, image, [${JSON.stringify(layer)}])).get(${JSON.stringify(layer)});
console.log(maps.shape);
// The first number of the first channel: its window, its kernel, and the sum.
console.log(await channelSum(model, image, ${JSON.stringify(layer)}, 0, [0, 0]));
await model.close();
`,
  commands: `fovea explain ${run} photo.jpg --method activations\n`,
});
