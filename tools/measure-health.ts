// Recall and false alarms of the checks of pictures: `node dist/tools/measure-health.js [FOLDER]` makes 400 generated photos, or
// takes those of a folder, plants each fault in every twentieth, and prints for each check how many planted ones it finds, how
// many others it takes for faulty, and the values between which its threshold lies. FOLDER is for photos without known faults.
import { readFile } from "node:fs/promises";
import { encode } from "fast-png";
import { convertColor, decodeImage, listItems, lookAtImages, type Measure, type Pixels } from "../src/data/index.js";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import { type CheckName, healthOf, joined } from "../src/experiment/health/index.js";
import { FAULTS, scene } from "./health-photos.js";

const COUNT = 400;
const PLANTED = 20;
const MEASURES: Readonly<Record<string, readonly Measure[]>> = {
  dark: ["level99"],
  bright: ["level5"],
  contrast: ["level1", "level99"],
  blurred: ["sharpness"],
  borders: ["border"],
  colours: ["chroma"],
  screens: ["repeats"],
  flat: [],
};

const [folder] = process.argv.slice(2);
const clean: Pixels[] =
  folder === undefined ? Array.from({ length: COUNT }, (_, i) => scene(i)) : await photosIn(folder);

async function photosIn(path: string): Promise<Pixels[]> {
  const files = (await imagesIn(path)).slice(0, COUNT);
  return Promise.all(files.map(async (file) => convertColor(await decodeImage(await readFile(file), file), "rgb")));
}

const png = ({ width, height, channels, data }: Pixels): Uint8Array =>
  encode({ width, height, channels, data, depth: 8 });

for (const [name, plant] of Object.entries(FAULTS)) {
  const planted = Math.min(PLANTED, Math.floor(clean.length / 20));
  const items = clean.map((picture, i) => ({
    path: `${i < planted ? "planted" : "clean"}/${i}.png`,
    image: png(i < planted ? plant(picture, i) : picture),
  }));
  const listing = listItems(items);
  const looks = await lookAtImages(listing);
  const subject = joined({ kind: "images", listing, sentence: "Generated photos." }, looks);
  const { findings } = await healthOf(subject, [name as CheckName]);
  const found = new Set(findings.flatMap(({ images }) => images));
  const hits = [...found].filter((index) => index < planted).length;
  const values = (MEASURES[name] ?? []).map((measure) => {
    const of = [...looks.measures[measure]];
    const range = (part: readonly number[]): string =>
      `${Math.min(...part).toPrecision(3)}..${Math.max(...part).toPrecision(3)}`;
    return `${measure} planted ${range(of.slice(0, planted))}, clean ${range(of.slice(planted))}`;
  });
  console.log(
    `${name}: ${hits} of ${planted} found, ${found.size - hits} of ${clean.length - planted} false; ${values.join("; ")}`,
  );
}
