// Writes the site to dist/docs, from which `fovea docs` opens it. Usage: node dist/tools/site/build.js
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeSite, ROOT } from "./site.js";

const { files, faults } = await makeSite();
// A page with a broken link is better than none; test/docs/site.test.ts lets nothing through.
if (faults.length > 0) console.error(faults.join("\n"));
const folder = join(ROOT, "dist/docs");
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
for (const [address, content] of files) {
  const path = join(folder, address);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
