// The page of the Studio, built into the package: users need no bundler.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Any folder of any web server.
  base: "./",
  build: {
    outDir: fileURLToPath(new URL("../../dist/studio/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // What the page loads later is told apart by name in the tests of its weight.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: "es" },
});
