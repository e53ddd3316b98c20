// Accuracy of classifiers of ImageNet's classes on photos whose names begin with the number of their class in WordNet:
// `node dist/tools/measure-classify.js PHOTOS [WEIGHTS...]` asks the network of the package, and networks with the weights of
// files as Keras publishes them, and prints for how many photos the right class is first, and among the first five.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { classify, openPretrained, usualNetwork } from "../src/experiment/pretrained/index.js";
import { textTable } from "../src/report/text/table.js";

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined) throw new Error("give a folder of photos, and files of weights where others are compared");
const names = readdirSync(folder).sort();
const rows: string[][] = [];
for (const weights of [undefined, ...files]) {
  const options = weights === undefined ? {} : { weights };
  const pretrained = await openPretrained(usualNetwork(options), options);
  const answers = await classify(
    pretrained,
    names.map((name) => join(folder, name)),
    { top: 5 },
  );
  await pretrained.model.close();
  const right = (count: number): string =>
    String(answers.filter(({ top }, i) => top.slice(0, count).some(([synset]) => names[i]!.startsWith(synset))).length);
  rows.push([weights === undefined ? "photos" : basename(weights), String(names.length), right(1), right(5)]);
}
const count = (head: string) => ({ head, align: "right" as const });
console.log(textTable([{ head: "network" }, count("photos"), count("first"), count("first five")], rows));
