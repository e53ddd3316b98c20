// The house rules of the Studio: a consumer of the public package, in rooms of which each knows only those below it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { longFunctions } from "./long-functions.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const studio = join(root, "studio");

const files = readdirSync(studio, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.replaceAll("\\", "/"))
  .sort();

/** Rooms that a room may import from besides itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  workbench: ["contract"],
  server: ["contract", "workbench"],
  app: ["contract"],
};

/** The worker that holds the workbench of a page, and what goes with it, are the only parts of the page that know it. */
const HOST = "app/host/";

/** Imports of a file: names of packages, and files below `studio/`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(studio, file), "utf8");
  const found = text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+|new URL\(\s*)"([^"]+)"/g);
  return [...found].map(([, target]) =>
    target!.startsWith(".")
      ? relative(studio, resolve(dirname(join(studio, file)), target!)).replaceAll("\\", "/")
      : target!,
  );
}

test("the Studio's rooms import downwards, and the package by its public entries only", () => {
  const wrong = files.flatMap((file) => {
    const [room = ""] = file.split("/");
    const allowed = [...(ALLOWED[room] ?? []), ...(file.startsWith(HOST) ? ["workbench"] : [])];
    return importsOf(file)
      .filter((target) => {
        const [to = ""] = target.split("/");
        if (target.startsWith("..")) return true;
        return to in ALLOWED && to !== room && !allowed.includes(to);
      })
      .map((target) => `studio/${file} -> ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test("only the Studio's server names Node", () => {
  const wrong = files.filter(
    (file) => !file.startsWith("server/") && /^import .* from "node:/m.test(readFileSync(join(studio, file), "utf8")),
  );
  // Lines of code that the page shows may name it.
  const shown = ["app/learn/picture/picture-code.ts", "workbench/study-spec.ts"];
  assert.deepEqual(
    wrong.filter((file) => !shown.includes(file)),
    [],
  );
});

test("no file of the Studio grows past 400 lines, and no function past 100", () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(studio, file), "utf8").split("\n").length }))
    .filter(({ lines }) => lines > 400)
    .map(({ file, lines }) => `studio/${file}: ${lines}`);
  assert.deepEqual(
    [
      ...long,
      ...longFunctions(
        files.map((file) => join(studio, file)),
        500,
      ),
    ],
    [],
    "split these",
  );
});

test("every file of the Studio says what it is responsible for", () => {
  const silent = files.filter((file) => !/^(\/\/|\/\*)/.test(readFileSync(join(studio, file), "utf8")));
  assert.deepEqual(silent, []);
});

test("the CSS of a view stands under the view's root, so that no other view's looks change with it", () => {
  const sheets = readdirSync(join(studio, "app"), { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^(work\/[^/]+|learn)\/.*\.css$/.test(file));
  assert.ok(sheets.length > 10, `found ${sheets.length} sheets`);
  const wrong = sheets.filter((file) => {
    const [door, view] = file.split("/");
    const root =
      door === "learn" || view === "quick"
        ? `[data-door="${door === "learn" ? door : view}"]`
        : `[data-view="${view}"]`;
    const rules = readFileSync(join(studio, "app", file), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
    // Rules about the frame around a view name the frame first.
    return [...rules.matchAll(/^([^\s}@].*)\{$/gm)].some(
      ([, selector]) => selector!.trim() !== root && !selector!.startsWith(".page"),
    );
  });
  assert.deepEqual(wrong, []);
});
