// The `fovea` command as a few files: dist/command/, what package.json calls the program. Node takes a millisecond and
// more to open a module, and the library has hundreds: a bundle with a part per command starts in half the time. The
// library itself stays as it is, module by module, for those who import it.
import { readFile, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const dist = fileURLToPath(new URL("..", import.meta.url));
const outdir = join(dist, "command");

const WORKERS = [
  "backends/remote/backend-worker",
  "backends/wasm/compute-worker",
  "data/decode-worker",
  "formats/containers/hdf5/hdf5-worker",
];

/**
 * This package, which the Studio imports by its name, and those of many small modules. All others stay packages: several
 * look for files beside themselves.
 */
const TAKEN_IN = ["fovea", "zod", "fast-png", "iobuffer", "fflate", "get-east-asian-width"];

/**
 * Gives each module its old address, from which it finds assets and pages. A module that names a worker keeps the
 * address of the bundle, since the worker lies beside it.
 */
const addresses: Plugin = {
  name: "addresses",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
      const taken = TAKEN_IN.some((name) => path === name || path.startsWith(`${name}/`));
      return kind === "entry-point" || taken ? undefined : { path, external: true };
    });
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url") || text.includes('-worker.js"')) return undefined;
      const location = relative(outdir, path).replaceAll("\\", "/");
      return {
        contents: text.replaceAll("import.meta.url", `new URL(${JSON.stringify(location)}, import.meta.url).href`),
      };
    });
  },
};

/** Writes dist/command/ from what the compiler has written. */
export async function bundleCommand(): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const entries = [join(dist, "src/cli/main.js"), ...WORKERS.map((worker) => join(dist, "src", `${worker}.js`))];
  await build({
    entryPoints: entries.map((file) => ({ in: file, out: basename(file, ".js") })),
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Names stay, so that an error's trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    plugins: [addresses],
    logLevel: "warning",
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await bundleCommand();
