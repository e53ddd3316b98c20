// Runs pages of the documentation and writes what they print and draw into them: the blocks of "output", and the pictures
// in a folder made/. Usage: node dist/tools/site/run-pages.js docs/lecture/03-convolution.md ...
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { blocksOf, ROOT, runsOf } from "../../test/docs/page-code.js";
import { type RunCommand, runSteps } from "../../test/docs/run-page.js";

const run: RunCommand = async (cwd, ...words) => {
  const env = { ...process.env, FOVEA_CACHE: join(cwd, ".cache") };
  const ended = spawnSync(process.execPath, [join(ROOT, "dist/command/main.js"), ...words], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
};

/** Runs a page and renews it. */
async function renew(file: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-page-"));
  try {
    /** Printed texts by the line of the block that prints them. */
    const printed = new Map<number, string>();
    for (const [i, steps] of runsOf(file).entries()) {
      const texts = await runSteps(`renewed-${basename(file, ".md")}-${i + 1}`, steps, folder, run);
      for (const [at, { block }] of steps.entries())
        printed.set(block.line, texts[at]!.replaceAll(/[ \t]+$/gm, "").trim());
    }
    const path = join(ROOT, file);
    const text = readFileSync(path, "utf8");
    const lines = text.split("\n");
    const blocks = blocksOf(file, text);
    for (const [i, block] of [...blocks.entries()].reverse()) {
      const before = blocks[i - 1];
      const said = before === undefined ? undefined : printed.get(before.line);
      // A block with ... in it leaves something out, and stays.
      if (block.language !== "output" || said === undefined || block.code.includes("...")) continue;
      lines.splice(block.line, block.code.split("\n").length - 1, ...said.split("\n"));
    }
    writeFileSync(path, lines.join("\n"));
    for (const [, picture] of text.matchAll(/!\[[^\]]*\]\(([^)]*\bmade\/[^)]+)\)/g)) {
      const target = join(dirname(path), picture!);
      if (!existsSync(join(folder, basename(picture!))))
        throw new Error(`${file} shows ${picture} and does not make it`);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(folder, basename(picture!)), target);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const file of process.argv.slice(2)) {
  console.log(file);
  await renew(file);
}
