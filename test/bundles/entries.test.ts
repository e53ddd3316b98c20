// The weight of each entry of the package in a browser: what a page loads that imports all of it, minified and gzipped,
// stays within a budget, and comes from no other package than the table names. Nobody pays for what another entry needs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

// This file runs from dist/test/bundles.
const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Budget {
  /** The most that loading the entry may take, in kB of 1000 bytes. */
  readonly kB: number;
  /** Packages that come with the entry. */
  readonly packages?: readonly string[];
  /** Packages that are loaded when a call needs them. */
  readonly later?: readonly string[];
}

/** Vega's own parts, which come and go with it. */
const CHARTS = /^(vega|d3|topojson|internmap)(-|$)/;

const CODECS = ["@jsquash/jpeg", "@jsquash/webp", "jpeg-js"];
const PARQUET = ["hyparquet", "hyparquet-writer"];
const XML = ["@xmldom/xmldom"];
const PNG = ["fast-png", "fflate", "iobuffer"];

/** A seventh or so above what they weigh, so that features have room and a library that slips in has none. */
const BUDGETS: Readonly<Record<string, Budget>> = {
  ".": { kB: 225, packages: ["fflate", "zod"], later: ["h5wasm"] },
  // 4 kB of it for batches in parts and for the numerics of version 2.
  "./applications": { kB: 139, later: ["fflate", "h5wasm", "zod"] },
  "./layers": { kB: 40 },
  "./initializers": { kB: 4 },
  "./regularizers": { kB: 5.5 },
  "./constraints": { kB: 5.5 },
  // The loss of boxes has targets, peaks and overlaps of its own, and errors have codes.
  "./losses": { kB: 15 },
  "./metrics": { kB: 19 },
  "./optimizers": { kB: 10 },
  // 104.5 kB with the codes of errors.
  "./callbacks": { kB: 112, packages: ["fflate", "zod"], later: ["h5wasm"] },
  "./data": { kB: 240, packages: PNG, later: [...XML, ...CODECS, "exifreader", "yaml"] },
  "./files": { kB: 16 },
  "./forensics": {
    kB: 165,
    packages: ["fflate", "zod"],
    later: [...XML, ...CODECS, "exifreader", "fast-png", "iobuffer", "yaml"],
  },
  "./formats": { kB: 243, packages: ["fflate", "zod"], later: ["h5wasm"] },
  "./report": { kB: 57, packages: [...PNG, "get-east-asian-width"], later: ["vega", "woff2-encoder"] },
  "./experiment": {
    kB: 600,
    packages: [...PNG, "zod"],
    later: [
      ...[...XML, ...CODECS, "exifreader", "get-east-asian-width", "h5wasm", ...PARQUET],
      ...["vega", "woff2-encoder", "yaml"],
    ],
  },
  // 63.0 kB with the codes of errors.
  "./explain": { kB: 70 },
  "./tune": { kB: 42 },
  // 24.4 kB with the table of the codes of errors, 3 kB, which a page that names no ERROR_CODES leaves out.
  "./core": { kB: 28 },
  "./testing": { kB: 180, later: ["fflate", "h5wasm", "zod"] },
  // Of it 1 kB for convolutions over pixels that lie apart and for stages that are timed by themselves, 3 kB for Winograd's
  // tiles of six points, bands of rows and shares of gradients.
  "./workers/backend": { kB: 54 },
  "./workers/compute": { kB: 1 },
  "./workers/decode": { kB: 26, packages: ["fflate"], later: [...CODECS, "exifreader", "fast-png", "iobuffer"] },
  "./workers/hdf5": { kB: 3, later: ["h5wasm"] },
};

interface Weight {
  readonly kB: number;
  readonly packages: readonly string[];
  readonly later: readonly string[];
}

/** Bundles an entry as a page would that imports every name of it, or as the script of a worker. */
async function weigh(entry: string): Promise<Weight> {
  const name = `fovea${entry.slice(1)}`;
  const page = { contents: `export * from "${name}"; import "${name}";`, resolveDir: root };
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    stdin: page,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const first = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]!.entryPoint === "<stdin>")!;
  const atOnce = loadedAtOnce(metafile, first);
  const size = [...atOnce].reduce((sum, path) => {
    const { contents } = outputFiles.find((file) => file.path === join(root, path))!;
    return sum + gzipSync(contents, { level: 9 }).length;
  }, 0);
  const packages = packagesIn(metafile, [...atOnce]);
  const later = packagesIn(metafile, Object.keys(metafile.outputs)).filter((name) => !packages.includes(name));
  return { kB: size / 1000, packages, later };
}

/** Files that are loaded with the entry's: those that it imports, and no dynamic import. */
function loadedAtOnce({ outputs }: Metafile, first: string): Set<string> {
  const seen = new Set([first]);
  for (const path of seen)
    for (const { kind, path: imported } of outputs[path]!.imports)
      if (kind === "import-statement" && imported in outputs) seen.add(imported);
  return seen;
}

function packagesIn({ outputs }: Metafile, paths: readonly string[]): string[] {
  const sources = paths.flatMap((path) => Object.entries(outputs[path]!.inputs));
  const names = sources
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([source]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(source)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => (CHARTS.test(name) ? "vega" : name));
  return [...new Set(names)].sort();
}

const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string>;
};

/** Entries that listen at a port, which no page can. */
const OF_NODE = ["./service"];

test("every entry of the package has a budget", () => {
  assert.deepEqual([...Object.keys(BUDGETS), ...OF_NODE].sort(), Object.keys(entries).sort());
});

for (const [entry, { kB, packages = [], later = [] }] of Object.entries(BUDGETS))
  test(`${entry} weighs at most ${kB} kB in a page, with ${packages.join(", ") || "no package"}`, async (t) => {
    const weight = await weigh(entry);
    t.diagnostic(`${weight.kB.toFixed(1)} kB`);
    assert.deepEqual(weight.packages, packages.toSorted(), "packages loaded with the entry");
    assert.deepEqual(weight.later, later.toSorted(), "packages loaded later");
    assert.ok(weight.kB <= kB, `${entry} weighs ${weight.kB.toFixed(1)} kB, more than its ${kB}`);
  });
