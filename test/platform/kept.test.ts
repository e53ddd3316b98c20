// A run and a study kept in a browser's private file system are there again after a reload, and end in Node's bits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { memoryFiles } from "../../src/platform/files/memory-files.js";
import { noBrowser, openFolder } from "./browser.js";
import { BUNDLERS, pageFolder } from "./bundle.js";
import { keep, opened } from "./run-page.js";

const module = fileURLToPath(new URL("./run-page.js", import.meta.url));

test("a run and a journal study live in memory", async () => {
  const files = memoryFiles();
  const kept = await keep(files);
  assert.deepEqual(await opened(files), kept);
  for (const file of ["recipe.json", "model.keras", "report.html", "charts", "history.csv", "metrics.json"])
    assert.ok(kept.files.includes(file), `${file} is not among ${kept.files}`);
});

test("a run and a study in the private file system open again after a reload", { skip: noBrowser }, async (t) => {
  const script = `
import { keep, opened } from ${JSON.stringify(module)};
const post = (content) => fetch("/answer", { method: "POST", body: JSON.stringify(content) });
try {
  const before = sessionStorage.getItem("kept");
  if (before === null) {
    sessionStorage.setItem("kept", JSON.stringify(await keep()));
    location.reload();
  } else await post({ value: { before: JSON.parse(before), after: await opened() } });
} catch (error) {
  await post({ error: String(error?.stack ?? error) });
}
`;
  const built = await BUNDLERS.esbuild!(pageFolder(t, script));
  const { before, after } = (await openFolder(built, { isolated: false, timeoutMs: 180_000 })) as Record<
    "before" | "after",
    unknown
  >;
  assert.deepEqual(after, before);
  assert.deepEqual(after, await keep(memoryFiles()));
});
