// The models of the package nsfwjs, which are modules of JavaScript, as model.json with shards. They are for comparisons alone.
//
//   npm install --ignore-scripts --prefix PKGS nsfwjs
//   node tools/unpack-nsfwjs.js PKGS OUT
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const [packages, out] = process.argv.slice(2);
if (out === undefined) throw new Error("expected the folder of packages, then a folder to write to");
const contentOf = (path) => {
  const found = require(path);
  return found.default ?? found;
};
for (const name of ["mobilenet_v2", "mobilenet_v2_mid", "inception_v3"]) {
  const from = join(resolve(packages), "node_modules/nsfwjs/dist/models", name);
  const to = join(resolve(out), name);
  const model = contentOf(join(from, "model.min.js"));
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, "model.json"), JSON.stringify(model));
  for (const shard of model.weightsManifest.flatMap(({ paths }) => paths))
    writeFileSync(join(to, shard), Buffer.from(contentOf(join(from, `${shard}.min.js`)), "base64"));
}
