// The page of the Studio, built into the package: users need no bundler.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const OUT = fileURLToPath(new URL("../../dist/studio/page", import.meta.url));

/** Lists the built files for the worker that keeps the page offline. */
const listFiles = {
  name: "list-files",
  closeBundle() {
    const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !["offline.js", "files.json"].includes(entry.name))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(OUT.length + 1)
          .replaceAll("\\", "/"),
      )
      .sort();
    writeFileSync(join(OUT, "files.json"), JSON.stringify(files));
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
