// Builds the parts of the pages that `fovea deploy` writes into dist/deploy, which the package ships: the page's module, its
// style and the engine's module, each in one piece, since a file that is opened from a disk can load nothing else.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PUBLIC = fileURLToPath(new URL("../public", import.meta.url));
const OUT = fileURLToPath(new URL("../../../dist/deploy", import.meta.url));

/**
 * Takes away what a page in one piece never does, before the bundler would make files of it: workers of workers, and decoders
 * that are fetched by their address, since the page brings them.
 */
const inOnePiece = {
  name: "in-one-piece",
  enforce: "pre",
  transform(code) {
    const changed = code
      .replaceAll(/new Worker\(new URL\("[^"]+", import\.meta\.url\), \{ type: "module" \}\)/g, "undefined")
      .replaceAll(/new URL\("\w+_dec\.wasm", ?import\.meta\.url\)\.href/g, '""');
    return changed === code ? undefined : { code: changed, map: null };
  },
};

/** Builds an entry into one module and at most one style. @returns their texts */
async function onePiece(entry, format) {
  const { output } = await build({
    root: HERE,
    configFile: false,
    logLevel: "error",
    plugins: [inOnePiece],
    build: {
      write: false,
      target: "es2022",
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      modulePreload: false,
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: join(HERE, entry), output: { codeSplitting: false, format } },
    },
  });
  const chunks = output.filter(({ type }) => type === "chunk");
  const styles = output.filter(({ fileName }) => fileName.endsWith(".css"));
  // The bundler gives out files of modules that it has left out as well; what counts is whether anything asks for them.
  const asked = output.filter(({ fileName }) => chunks.some(({ code }) => code.includes(basename(fileName))));
  if (chunks.length !== 1 || asked.length > 0)
    throw new Error(
      `${entry}: expected one module, built ${[...chunks, ...asked].map((one) => one.fileName).join(", ")}`,
    );
  return { script: chunks[0].code, style: styles.map(({ source }) => String(source)).join("") };
}

const page = await onePiece("main.tsx", "es");
// They stand in elements of HTML, which such text would end; the engine is base64 there.
for (const text of Object.values(page))
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error("the page's text would end its element in a page");
const engine = await onePiece("engine-worker.ts", "iife");
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
writeFileSync(join(OUT, "page.js"), page.script);
writeFileSync(join(OUT, "page.css"), page.style);
writeFileSync(join(OUT, "engine.js"), engine.script);
for (const file of ["offline.js", "icon.svg"]) copyFileSync(join(PUBLIC, file), join(OUT, file));
