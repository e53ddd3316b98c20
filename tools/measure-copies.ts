// Counts the altered copies found among photos: `node dist/tools/measure-copies.js FOLDER...` makes four copies of each
// photo (half the size, JPEG of quality 60, cut by a tenth, mirrored), looks for copies among all files at the default
// threshold, and prints the number found, their least similarity, and the false pairs. Photos that are copies
// of each other already count as false.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { convertColor, decodeImage } from "../src/data/index.js";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import { copiesAmong } from "../src/experiment/pretrained/similarity.js";
import { alteredCopies } from "./altered-copies.js";

const folders = process.argv.slice(2);
const photos = await imagesIn(...folders);
const folder = await mkdtemp(join(tmpdir(), "fovea-copies-"));
try {
  const original = new Map<string, string>();
  const alterations = new Map<string, string>();
  for (const [n, photo] of photos.entries()) {
    original.set(photo, photo);
    const pixels = convertColor(await decodeImage(await readFile(photo), photo), "rgb");
    for (const { alteration, extension, bytes } of await alteredCopies(pixels, (n % 3) / 2)) {
      const file = join(folder, `${n}-${alteration}.${extension}`);
      await writeFile(file, bytes);
      original.set(file, photo);
      alterations.set(file, alteration);
    }
  }
  const { pairs } = await copiesAmong([...photos, ...alterations.keys()]);
  const found = new Map<string, number>();
  const wrong: string[] = [];
  for (const { images, similarity } of pairs) {
    const [a, b] = images;
    if (original.get(a) !== original.get(b))
      wrong.push(`${similarity.toFixed(3)} ${images.map((image) => basename(image)).join(" ")}`);
    else if (original.get(a) === a || original.get(b) === b) found.set(original.get(a) === a ? b : a, similarity);
  }
  for (const name of new Set(alterations.values())) {
    const files = [...alterations].filter(([, alteration]) => alteration === name).map(([file]) => file);
    const scores = files.flatMap((file) => found.get(file) ?? []);
    console.log(`${name}: ${scores.length} of ${files.length}, similarity from ${Math.min(...scores).toFixed(3)}`);
  }
  console.log(
    `found ${found.size} of ${alterations.size} copies of ${photos.length} photos, ${wrong.length} false pairs`,
  );
  for (const line of wrong) console.log(`  ${line}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
