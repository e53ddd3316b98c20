// A run's certificate in the Chromium that is installed: `node dist/tools/certify-in-browser.js RUN IMAGES OTHER.keras KEY.pem` checks it
// beside the run and the folder of its images (with Train and Test in it) as a page has them, trains the run again there, and shows the
// sentences about weights of another model, another recipe and another image. RUN has a certificate.json by `fovea certify`.
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { imagesIn } from "../src/experiment/data/image-paths.js";
import { noBrowser, runInBrowser } from "../test/platform/browser.js";
import type { CertificatePageAnswer, PageCase } from "../test/platform/certificate-page.js";

const [run, images, other, key] = process.argv.slice(2);
if (run === undefined || images === undefined || other === undefined || key === undefined)
  throw new Error("expected RUN IMAGES OTHER.keras KEY.pem");
if (noBrowser !== false) throw new Error(noBrowser);

// Pages read files below the compiled modules.
const served = mkdtempSync(fileURLToPath(new URL("../test/platform/served-", import.meta.url)));
try {
  const files = readdirSync(run, { withFileTypes: true }).filter((entry) => entry.isFile());
  cpSync(run, join(served, "run"), { recursive: true });
  cpSync(images, join(served, "pets"), { recursive: true });
  copyFileSync(other, join(served, "other.keras"));
  const parts = await Promise.all(readdirSync(images).map((part) => imagesIn(join(images, part))));
  const listed: PageCase = {
    run: files.map(({ name }) => name),
    images: parts.flat().map((path) => relative(images, path)),
    key: readFileSync(key, "utf8"),
  };
  writeFileSync(join(served, "files.json"), JSON.stringify(listed));
  const address = `certificate-page.js?folder=/dist/test/platform/${basename(served)}`;
  const { equal, broken, changed, certificate } = (await runInBrowser(address, {
    timeoutMs: 900_000,
  })) as CertificatePageAnswer;
  console.log(`Still the same: ${equal.join(", ")}${broken.length > 0 ? `; not the same: ${broken.join(" ")}` : ""}`);
  if (certificate !== undefined)
    console.log(
      `Trained again to ${certificate.weights_sha256} on ${certificate.replay.threads} thread in ${certificate.replay.platform}`,
    );
  for (const [what, sentence] of Object.entries(changed)) console.log(`Another ${what}: ${sentence}`);
} finally {
  rmSync(served, { recursive: true, force: true });
}
