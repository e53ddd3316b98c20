// Finds every compiled *.test.js and hands it to Node's own test runner.
// Node 20 has no globs in `node --test`, and a shell glob would not work on Windows.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCommand } from "./bundle-command.js";

const root = fileURLToPath(new URL("../test", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.js"))
  .map((file) => file.replaceAll("\\", "/"))
  // The compiled test of a source file that is gone: tsc never removes anything.
  .filter((file) => existsSync(join(root, "../../test", file.replace(/js$/, "ts"))))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
  .map((file) => join(root, file));
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(", ")}`);
  process.exit(1);
}
// After `tsc` alone the command would be an older one than the tests.
await bundleCommand();
// Node leaves one core free, which on two cores means one file after the other; files start programs and wait for them.
const concurrency = Math.max(2, availableParallelism() - 1);
const how = ["--test", "--test-reporter=spec", `--test-concurrency=${concurrency}`];
const result = spawnSync(process.execPath, [...how, ...files], { stdio: "inherit" });
process.exit(result.status ?? 1);
