// The share of a demo's processor time that goes into trust: `node dist/tools/measure-trust.js [SCALE] [TIMES]` runs `fovea demo`
// (scale 0.25, as it is by default, once) with a stopwatch around the functions that fit and tell calibration, referral, intervals,
// slices and the reference for monitoring, and prints their part of the whole. One run has both numbers, so that what else the
// machine does weighs on both; processor time is that of all threads, and the main thread waits while others compute.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textTable } from "../src/report/text/table.js";

/** Functions by the end of their module's address. `ask` asks about validation first, which only trust needs, and then about Test. */
const TIMED: Readonly<Record<string, readonly string[]>> = {
  "/experiment/training/trust.js": ["fitTrust", "calibratedOutcome"],
  "/experiment/training/train.js": ["ask", "withIntervals"],
  "/experiment/run/facts.js": ["testSlices"],
  "/experiment/run/run.js": ["saveReference"],
  "/report/charts/render.js": ["draw"],
  "/report/pages/sections/trust.js": ["trustSections"],
};

/** Functions that count as trust: the first of each two questions, and drawings of its charts alone. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  "answers about validation": ["ask 1"],
  "temperature, limits, novelty": ["fitTrust", "calibratedOutcome"],
  "intervals of figures": ["withIntervals"],
  slices: ["testSlices"],
  "reference for monitoring": ["saveReference"],
  "charts and sections of the report": ["draw trust-reliability", "draw trust-risk", "trustSections"],
};

/** A module's text with a stopwatch around some functions. */
const timed = (text: string, names: readonly string[]): string =>
  names.reduce(
    (rest, name) =>
      rest
        .replace(
          new RegExp(`(export )?(async )?function ${name}\\(`),
          (_, exported = "", async = "") =>
            `${exported}function ${name}(...all) { return globalThis.stopwatch("${name}", all, () => untimed_${name}(...all)); }\n${async}function untimed_${name}(`,
        )
        .replace(
          new RegExp(`const ${name} = (async )?\\(`),
          (_, async = "") =>
            `const ${name} = (...all) => globalThis.stopwatch("${name}", all, () => untimed_${name}(...all));\nconst untimed_${name} = ${async}(`,
        ),
    text,
  );

/** Hooks of Node that load the modules so. */
const HOOKS = `
const TIMED = ${JSON.stringify(TIMED)};
const timed = ${timed.toString()};
export async function load(url, context, next) {
  const loaded = await next(url, context);
  const found = Object.keys(TIMED).find((end) => url.endsWith(end));
  return found === undefined ? loaded : { ...loaded, source: timed(String(loaded.source), TIMED[found]) };
}`;

/** Module that runs before the program: the stopwatch, whose numbers are written when the process ends. */
const PRELUDE = (out: string): string => `
import { register } from "node:module";
import { writeFileSync } from "node:fs";
register("data:text/javascript," + encodeURIComponent(${JSON.stringify(HOOKS)}));
const seconds = {};
let asked = 0;
const now = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
globalThis.stopwatch = (name, all, work) => {
  const key = name === "ask" ? \`ask \${(asked++ % 2) + 1}\` : name === "draw" ? \`draw \${all[0].name}\` : name;
  const from = now();
  const add = () => { seconds[key] = (seconds[key] ?? 0) + now() - from; };
  const value = work();
  if (value instanceof Promise) return value.finally(add);
  add();
  return value;
};
process.on("exit", () => writeFileSync(${JSON.stringify(out)}, JSON.stringify({ whole: now(), seconds })));`;

const [scale = "0.25", times = "1"] = process.argv.slice(2);
// The command as modules: a bundle has none whose functions could be timed.
const main = fileURLToPath(new URL("../src/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "fovea-measure-trust-"));
const shares: number[] = [];
try {
  for (let turn = 0; turn < Number(times); turn++) {
    const out = join(folder, `${turn}.json`);
    const prelude = `data:text/javascript,${encodeURIComponent(PRELUDE(out))}`;
    const demo = ["demo", "--scale", scale, "--seed", "1", "--out", join(folder, `demo-${turn}`), "--quiet"];
    execFileSync(process.execPath, ["--import", prelude, main, ...demo], { stdio: "ignore" });
    const { whole, seconds } = JSON.parse(readFileSync(out, "utf8")) as {
      readonly whole: number;
      readonly seconds: Readonly<Record<string, number>>;
    };
    const rows = Object.entries(PARTS).map(([title, keys]) => {
      const sum = keys.reduce((total, key) => total + (seconds[key] ?? 0), 0);
      return [title, sum] as const;
    });
    const trust = rows.reduce((sum, [, part]) => sum + part, 0);
    shares.push(trust / whole);
    const shown = [...rows, ["all of trust", trust] as const, ["the whole demo", whole] as const];
    const right = (head: string) => ({ head, align: "right" as const });
    console.log(
      textTable(
        [{ head: "processor time" }, right("seconds"), right("share")],
        shown.map(([title, part]) => [title, part.toFixed(2), `${((100 * part) / whole).toFixed(2)} %`]),
      ),
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (shares.length > 1) console.log(`\nShares: ${shares.map((share) => `${(100 * share).toFixed(2)} %`).join(", ")}`);
