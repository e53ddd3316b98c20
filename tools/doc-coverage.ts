// Coverage of the public interface by documentation, printed by `npm run check`: a line an entry. The number of things that
// an entry may lack stands in test/reference/lacking.json and only falls.
// Usage: node dist/tools/doc-coverage.js [--gaps [ENTRY] | --write]
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { coverageOf, lackingOf, RULES } from "./reference/coverage.js";
import { walk } from "./reference/walk.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kept = new URL("../../test/reference/lacking.json", import.meta.url);

const { gaps, counts } = coverageOf(walk(root));
const [flag, entry] = process.argv.slice(2);

const line = (name: string, cells: readonly string[]): string =>
  name.padEnd(20) + cells.map((text) => text.padStart(11)).join("");
const cells = (numbers: readonly { readonly asked: number; readonly lacking: number }[]): string[] => {
  const asked = numbers.reduce((sum, number) => sum + number.asked, 0);
  const held = numbers.reduce((sum, number) => sum + number.asked - number.lacking, 0);
  const share = asked === 0 ? "-" : `${(Math.floor((1000 * held) / asked) / 10).toFixed(1)} %`;
  return [...numbers.map((n) => (n.asked === 0 ? "-" : `${n.asked - n.lacking}/${n.asked}`)), share];
};

console.log(line("Documentation", [...RULES, "all"]));
for (const [name, count] of counts) console.log(line(name, cells(RULES.map((rule) => count[rule]))));
const total = RULES.map((rule) => {
  const numbers = [...counts.values()].map((count) => count[rule]);
  const sum = (key: "asked" | "lacking"): number => numbers.reduce((all, number) => all + number[key], 0);
  return { asked: sum("asked"), lacking: sum("lacking") };
});
console.log(line("all", cells(total)));

if (flag === "--gaps")
  for (const gap of gaps.filter((found) => entry === undefined || found.entry === entry))
    console.log(`${gap.at}: ${gap.thing} lacks ${gap.rule}`);
const lacking = lackingOf(counts);
if (flag === "--write") writeFileSync(kept, `${JSON.stringify(lacking, null, 2)}\n`);
const allowed = JSON.parse(readFileSync(kept, "utf8")) as Readonly<Record<string, number>>;
const worse = Object.entries(lacking).filter(([name, number]) => number > (allowed[name] ?? 0));
for (const [name, number] of worse)
  console.error(
    `${name}: ${number} things lack documentation, ${allowed[name] ?? 0} may; node dist/tools/doc-coverage.js --gaps ${name} lists them`,
  );
process.exitCode = worse.length > 0 ? 1 : 0;
