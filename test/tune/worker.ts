// A process of its own that works on a shared study, for tests that kill it. Usage: node worker.js URL NAME TOTAL
// PARALLEL|async. Prints the number of each trial that it ended.
import { createStudy, openStorage } from "../../src/tune/index.js";
import { conditional } from "./objectives.js";

const [url = "", name = "", total = "", parallel = ""] = process.argv.slice(2);
const asynchronous = parallel === "async";
// Killed under the lock, one second must be enough for the next to notice.
const storage = await openStorage(url, { lockGrace: 1 });
const study = await createStudy({ name, storage, seed: 11, heartbeat: { interval: 1, grace: 5 } });
await study.optimize(
  async (trial) => {
    const value = conditional(trial);
    for (let step = 0; step < 3; step++) {
      await trial.report(value + 1 / (step + 1), step);
      await new Promise((resume) => setTimeout(resume, 5));
    }
    return value;
  },
  {
    totalTrials: Number(total),
    asynchronous,
    parallel: asynchronous ? 1 : Number(parallel),
    callbacks: [(_, trial) => void process.stdout.write(`${trial.number}\n`)],
  },
);
await study.close();
