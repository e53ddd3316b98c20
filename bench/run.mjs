// @ts-check
// `node bench/run.mjs --help`: builds Fovea and the benchmark, then runs it.
import { execSync } from "node:child_process";
import { fileURLToPath } from "node:url";

execSync("npm run --silent build", { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "inherit" });
await import("../dist/bench/run.js");
