// Bundles a page that imports the package by its name, as people have it: a folder with a page, its script and fovea among
// the node_modules, built by Vite as it comes or by esbuild with an entry for each worker.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

// This file runs from dist/test/platform.
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Entries that esbuild makes of the workers, by the names under which the package looks for them beside the page's script. */
const WORKERS = {
  "backend-worker": "fovea/workers/backend",
  "compute-worker": "fovea/workers/compute",
  "decode-worker": "fovea/workers/decode",
  "hdf5-worker": "fovea/workers/hdf5",
};

/** Files of packages that esbuild leaves to be put beside the page's script. */
const BESIDE = ["@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm", "@jsquash/webp/codec/dec/webp_dec.wasm"];

const html = (script: string): string =>
  `<!doctype html><meta charset="utf-8"><title>A page</title><script type="module" src="${script}"></script>`;

/** A folder of a page's sources, gone after the test. `script` is its main.js. */
export function pageFolder(t: TestContext, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "fovea-bundle-"));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/fovea"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "main.js"), script);
  writeFileSync(join(folder, "index.html"), html("/main.js"));
  return folder;
}

/** Bundlers by name: each takes a page's folder and returns that of the built page. */
export const BUNDLERS: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  vite: async (folder) => {
    const { build } = await import("vite");
    const outDir = join(folder, "vite");
    await build({ root: folder, configFile: false, logLevel: "error", build: { outDir, emptyOutDir: true } });
    return outDir;
  },
  esbuild: async (folder) => {
    const { build } = await import("esbuild");
    const outdir = join(folder, "esbuild");
    await build({
      absWorkingDir: folder,
      entryPoints: { main: "./main.js", ...WORKERS },
      outdir,
      bundle: true,
      splitting: true,
      format: "esm",
      minify: true,
      logLevel: "error",
    });
    writeFileSync(join(outdir, "index.html"), html("/main.js"));
    for (const file of BESIDE) copyFileSync(join(root, "node_modules", file), join(outdir, basename(file)));
    return outdir;
  },
};
