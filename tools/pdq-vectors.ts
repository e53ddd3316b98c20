// Makes test/parity/fixtures/pdq.json: hashes that the reference of PDQ (github.com/facebook/ThreatExchange, pdq/cpp)
// gives the pictures of tools/pdq-pictures.ts. It runs nothing of it.
// `node dist/tools/pdq-vectors.js write FOLDER` writes the pictures as Netpbm files for the reference's programs;
// `node dist/tools/pdq-vectors.js read FILE` takes lines `PATH,QUALITY,HASH,EIGHT HASHES` of its output;
// `node dist/tools/pdq-vectors.js check FILE` compares lines whose paths are any images with Fovea's hashes.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { convertColor, decodeImage, hashText, pdqHash, pdqHashes } from "../src/data/index.js";
import { pdqPictures } from "./pdq-pictures.js";

const FIXTURE = new URL("../../test/parity/fixtures/pdq.json", import.meta.url);
const [mode = "", path = ""] = process.argv.slice(2);

const textsOf = (hashes: Uint32Array): string[] =>
  Array.from({ length: 8 }, (_, n) => hashText(hashes.subarray(8 * n, 8 * n + 8)));

async function lines(): Promise<{ path: string; quality: number; hash: string; turns: string[] }[]> {
  const rows = (await readFile(path, "utf8")).trim().split("\n");
  return rows.map((row) => {
    const [file = "", quality, hash = "", ...turns] = row.split(",");
    return { path: file, quality: Number(quality), hash, turns };
  });
}

if (mode === "write") {
  await mkdir(path, { recursive: true });
  for (const { name, picture } of pdqPictures()) {
    const head = `P${picture.channels === 1 ? 5 : 6}\n${picture.width} ${picture.height}\n255\n`;
    await writeFile(join(path, `${name}.pnm`), Buffer.concat([Buffer.from(head), picture.data]));
  }
} else if (mode === "read") {
  const vectors = (await lines()).map(({ path: file, ...rest }) => ({ name: basename(file, ".pnm"), ...rest }));
  await writeFile(FIXTURE, `${JSON.stringify({ vectors }, null, 1)}\n`);
} else if (mode === "check") {
  let different = 0;
  const all = await lines();
  for (const { path: file, quality, hash, turns } of all) {
    // The reference takes pixels as they are stored.
    const picture = convertColor(await decodeImage(await readFile(file), file), "rgb");
    const found = pdqHash(picture);
    const isSame =
      found.quality === quality &&
      hashText(found.hash) === hash &&
      String(textsOf(pdqHashes(picture).hashes)) === String(turns);
    if (!isSame) different++;
    console.log(`${isSame ? "same" : "DIFFERENT"} ${hash} ${quality} ${basename(file)}`);
  }
  console.log(`${all.length - different} of ${all.length} images have the reference's hash, quality and eight turns`);
} else throw new Error("expected write FOLDER, read FILE or check FILE");
