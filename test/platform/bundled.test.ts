// Pages made by bundlers: the README's ten lines train there to Node's very weights, with cross-origin isolation and
// without, and without it the page's thread stays free meanwhile.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { noBrowser, openFolder } from "./browser.js";
import { BUNDLERS, pageFolder } from "./bundle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [, tenLines] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))!;

/** Milliseconds that a task of the page's thread may last: longer ones are felt. */
const LONGEST_TASK = 100;

interface Trained {
  readonly isolated: boolean;
  readonly loss: number;
  readonly weights: string;
  /** Durations of tasks over 50 ms while training, and while the same model trains on the page's own thread. */
  readonly tasks: readonly number[];
}

/** The ten lines, watched while they train; `tell` posts the result or prints it. */
const script = (tell: string): string => `${tenLines!
  .replace(/^await model\.fit\(/m, "const watched = longTasks();\nawait model.fit(")
  .replace(/^console\.log\((await model\.evaluate\(Test\))\);/m, "const { loss } = $1;")}
const tasks = await watched();
${tell}({ isolated: globalThis.crossOriginIsolated === true, loss, weights: await model.weightsSha256(), tasks });

/** Watches the tasks of this thread that last over 50 ms; the function returned ends it and tells their durations. */
function longTasks() {
  if (!PerformanceObserver.supportedEntryTypes.includes("longtask")) return async () => [];
  const durations = [];
  const note = (entries) => durations.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "longtask" });
  return async () => {
    await new Promise((resume) => setTimeout(resume, 100));
    note(observer.takeRecords());
    observer.disconnect();
    return durations;
  };
}
`;

const POST = 'const post = (value) => fetch("/answer", { method: "POST", body: JSON.stringify({ value }) });\n';

test("bundled pages train the README's ten lines to Node's weights", { skip: noBrowser }, async (t) => {
  const folder = pageFolder(t, script("console.log(JSON.stringify").replace(/tasks }\);$/m, "tasks }));"));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.js")]);
  const expected = JSON.parse(stdout.trim().split("\n").at(-1)!) as Trained;
  for (const [name, bundle] of Object.entries(BUNDLERS)) {
    const built = await bundle(pageFolder(t, `${POST}${script("post")}`));
    for (const isolated of [true, false])
      await t.test(`${name}, ${isolated ? "isolated" : "not isolated"}`, async () => {
        const page = (await openFolder(built, { isolated })) as Trained;
        assert.equal(page.isolated, isolated);
        assert.equal(page.weights, expected.weights);
        assert.equal(page.loss, expected.loss);
        assert.deepEqual(
          page.tasks.filter((duration) => duration > LONGEST_TASK),
          [],
        );
      });
  }
});
