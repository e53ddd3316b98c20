// Costs of a study of 10,000 trials: opening it, and the suggestions of another trial by TPE, for each storage.
// Usage: node dist/tools/measure-tune.js [TRIALS]. Exit code 1 when opening takes a second or suggesting 20 ms.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../src/experiment/models/benchmark.js";
import { loadStudy, openStorage, tpeSampler } from "../src/tune/index.js";
import { randomTrials, space, writeJournal } from "../test/tune/large-study.js";
import { noPostgres, startPostgres } from "../test/tune/postgres-server.js";

const LIMITS = { open: 1000, suggest: 20 };
const ASKED = 21;

/** Fills a study with random trials, written whole, as if they had been evaluated long ago. */
async function fill(url: string, trials: number): Promise<void> {
  const storage = await openStorage(url);
  const { id } = await storage.createStudy("study", ["minimize"]);
  for (const trial of await randomTrials(trials)) await storage.createTrial(id, trial);
  await storage.close();
}

/** Milliseconds to open a study, and the median of suggesting all parameters of a trial. */
async function measure(url: string): Promise<{ open: number; suggest: number; tell: number }> {
  const began = performance.now();
  const study = await loadStudy({ storage: url, sampler: tpeSampler() });
  const open = performance.now() - began;
  const suggests: number[] = [];
  const tells: number[] = [];
  for (let i = 0; i < ASKED; i++) {
    const asked = performance.now();
    const trial = await study.ask();
    const value = space(trial);
    const suggested = performance.now();
    await study.tell(trial, value);
    suggests.push(suggested - asked);
    tells.push(performance.now() - suggested);
  }
  await study.close();
  return { open, suggest: median(suggests), tell: median(tells) };
}

async function main(trials: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-measure-"));
  const server = noPostgres === undefined ? await startPostgres() : undefined;
  let fine = true;
  try {
    const urls = [`journal://${join(folder, "study.log")}`, `sqlite:///${join(folder, "study.db")}`];
    if (server !== undefined) urls.push(server.database("study"));
    console.log(`${trials} trials of 6 parameters: milliseconds`);
    for (const url of urls) {
      if (url.startsWith("journal")) await writeJournal(url.slice("journal://".length), trials);
      else await fill(url, trials);
      const { open, suggest, tell } = await measure(url);
      const cells = [`open ${open.toFixed(0)}`, `suggest ${suggest.toFixed(1)}`, `tell ${tell.toFixed(1)}`];
      console.log(url.split(":")[0]!.padEnd(12), cells.join("  "));
      fine &&= open <= LIMITS.open && suggest <= LIMITS.suggest;
    }
  } finally {
    server?.remove();
    rmSync(folder, { recursive: true });
  }
  return fine;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.exitCode = (await main(Number(process.argv[2] ?? 10_000))) ? 0 : 1;
