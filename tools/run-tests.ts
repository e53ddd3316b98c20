// Finds every compiled *.test.js and hands it to Node's own test runner.
// Node 20 has no globs in `node --test`, and a shell glob would not work on Windows.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleCommand } from "./bundle-command.js";

const root = fileURLToPath(new URL("../test", import.meta.url));
const groups = fileURLToPath(new URL("../test-groups", import.meta.url));

/**
 * Folders whose files share processes, several a process: a second for starting Node and loading the library is saved
 * per file, and one browser serves several. The longest come first.
 */
const TOGETHER = [
  "studio",
  "cli",
  "experiment",
  "cases",
  "parity",
  "data",
  "nn",
  "real",
  "tune",
  "applications",
  "architecture",
  "compile",
  "contract",
  "core",
  "docs",
  "explain",
  "forensics",
  "formats",
  "kernels",
  "report",
  "service",
];
const FILES_PER_PROCESS = 8;

/** Modules that files of a folder import first; by default `FEW_THREADS`. Tests of formats read HDF5 in threads, as users do. */
const FIRST: Readonly<Record<string, string>> = { formats: join(root, "formats/held-library.js") };
const FEW_THREADS = join(root, "platform/few-threads.js");

/** Marks of a file that changes or measures its process, and so runs alone. */
const ALONE = /process\.env\.\w+ = |process\.(chdir|on)\(|beforeEach\(|afterEach\(|memoryUsage|resourceUsage/;

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
const result = spawnSync(process.execPath, [...how, ...grouped(files)], { stdio: "inherit" });
process.exit(result.status ?? 1);

/** Gives the files that Node's runner starts: a group's file imports each of its tests. */
function grouped(tests: readonly string[]): string[] {
  rmSync(groups, { recursive: true, force: true });
  mkdirSync(groups, { recursive: true });
  const folderOf = (file: string): string => file.slice(root.length + 1).split(/[\\/]/)[0] ?? "";
  const shared = TOGETHER.flatMap((folder) => {
    const members = tests.filter((file) => folderOf(file) === folder);
    const alone = members.filter((file) => ALONE.test(readFileSync(file, "utf8")));
    const others = members.filter((file) => !alone.includes(file));
    const together = Array.from({ length: Math.ceil(others.length / FILES_PER_PROCESS) }, (_, number) =>
      others.slice(number * FILES_PER_PROCESS, (number + 1) * FILES_PER_PROCESS),
    );
    return [...together, ...alone.map((file) => [file])].map((group, number) => {
      const file = join(groups, `${folder}-${number}.test.js`);
      const imports = [FIRST[folder] ?? FEW_THREADS, ...group];
      writeFileSync(file, imports.map((path) => `import ${JSON.stringify(pathToFileURL(path).href)};\n`).join(""));
      return file;
    });
  });
  return [...shared, ...tests.filter((file) => !TOGETHER.includes(folderOf(file)))];
}
