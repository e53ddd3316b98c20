// Names that two entries of the package share are one thing: who imports from the other entry gets the same function.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Entries with names of their own, as keras.ops, keras.initializers and keras.layers have them side by side. */
const NAMESPACES = ["./core", "./initializers"];
/** A function of tensors, and the layer that computes the same. */
const NAMESAKES = ["softmax"];

test("an export of the same name is the same in every entry", async () => {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string>>;
  };
  const first = new Map<string, { readonly entry: string; readonly value: unknown }>();
  const twins: string[] = [];
  for (const [entry, path] of Object.entries(exports)) {
    if (entry.startsWith("./workers/") || NAMESPACES.includes(entry)) continue;
    const module = (await import(pathToFileURL(join(root, path)).href)) as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(module)) {
      const known = first.get(name);
      if (known === undefined) first.set(name, { entry, value });
      else if (known.value !== value && !NAMESAKES.includes(name)) twins.push(`${name}: ${known.entry} and ${entry}`);
    }
  }
  assert.deepEqual(twins, []);
});
