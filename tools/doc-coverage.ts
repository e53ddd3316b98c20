// Coverage of the public interface by documentation, printed by `npm run check`: a line an entry. It fails on anything that an export
// or an option lacks, and names it. Usage: node dist/tools/doc-coverage.js
import { fileURLToPath } from "node:url";
import { coverageOf, RULES } from "./reference/coverage.js";
import { walk } from "./reference/walk.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const { gaps, counts } = coverageOf(walk(root));

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

for (const { at, thing, rule } of gaps) console.error(`${at}: ${thing} lacks ${rule}`);
process.exitCode = gaps.length > 0 ? 1 : 0;
