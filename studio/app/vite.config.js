// The page of the Studio, built into the package: users need no bundler.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const OUT = fileURLToPath(new URL("../../dist/studio/page", import.meta.url));
const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();

/**
 * Lists the built files for the worker that keeps the page offline. Those that are in assets/ too are removed and noted in
 * shared.json, by which the server finds them: the package has weights and fonts once.
 */
const listFiles = {
  name: "list-files",
  closeBundle() {
    const files = filesIn(OUT).filter((name) => !["offline.js", "files.json", "shared.json"].includes(name));
    writeFileSync(join(OUT, "files.json"), JSON.stringify(files));
    const assets = new Map(filesIn(ASSETS).map((name) => [readFileSync(join(ASSETS, name), "latin1"), name]));
    const shared = {};
    for (const name of files) {
      const asset = assets.get(readFileSync(join(OUT, name), "latin1"));
      if (asset === undefined) continue;
      shared[name] = asset;
      rmSync(join(OUT, name));
    }
    writeFileSync(join(OUT, "shared.json"), JSON.stringify(shared));
  },
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Any folder of any web server.
  base: "./",
  plugins: [listFiles],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    // Files that the page loads later keep names of their own, by which tests of its weight know them.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: "es" },
});
