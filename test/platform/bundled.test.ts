// Pages made by bundlers: the README's ten lines train there to Node's very weights, with cross-origin isolation and
// without, and without it the page's thread stays free meanwhile. Photos that are dropped there decode to Node's bytes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { noBrowser, openFolder } from "./browser.js";
import { BUNDLERS, pageFolder } from "./bundle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [, tenLines] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))!;

/** Milliseconds that a task of the page's thread may last: longer ones are felt. */
const LONGEST_TASK = 100;

/** A machine with too much to do makes any task last: it gets other chances, a page that computes itself needs none. */
const ATTEMPTS = 3;

interface Trained {
  readonly isolated: boolean;
  readonly loss: number;
  readonly weights: string;
  /** Durations of tasks over 50 ms while training, and while the page's thread is busy on purpose. */
  readonly tasks: readonly number[];
  /** Milliseconds that the training took. */
  readonly training: number;
  readonly busy: readonly number[];
}

/** The ten lines, watched while they train; `tell` posts the result or prints it. */
const script = (tell: string): string => `${tenLines!
  .replace(/^await model\.fit\(/m, "const watched = longTasks();\nconst begun = performance.now();\nawait model.fit(")
  .replace(/^console\.log\((await model\.evaluate\(Test\))\);/m, "const { loss } = $1;")}
const training = performance.now() - begun;
const tasks = await watched();
const weights = await model.weightsSha256();
${tell}({ isolated: globalThis.crossOriginIsolated === true, loss, weights, tasks, training, busy: await busyTasks() });

async function busyTasks() {
  const watched = longTasks();
  setTimeout(() => {
    for (const start = performance.now(); performance.now() - start < 150; );
  });
  await new Promise((resume) => setTimeout(resume, 50));
  return watched();
}

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

const longestOf = ({ tasks }: Trained): number => Math.max(0, ...tasks);

/** Holds the page's thread to its promise; on a machine with far too much to do, to the share of the time that it was free. */
function checkFree(t: TestContext, attempts: readonly Trained[]): void {
  const shares = attempts.map(({ tasks, training }) => tasks.reduce((sum, task) => sum + task, 0) / training);
  assert.ok(Math.min(...shares) < 0.25, `the page's thread was busy for ${shares} of the training`);
  const [load] = loadavg();
  const longest = Math.min(...attempts.map(longestOf));
  if (longest > LONGEST_TASK && load! > 2 * availableParallelism()) {
    t.diagnostic(`a task of ${longest} ms is not judged, for the machine's load is ${load}`);
    return;
  }
  assert.ok(
    longest <= LONGEST_TASK,
    `a task of the page's thread lasted ${longest} ms in the best of ${ATTEMPTS} attempts`,
  );
}

const POST = 'const post = (value) => fetch("/answer", { method: "POST", body: JSON.stringify({ value }) });\n';

test("bundled pages train the README's ten lines to Node's weights", { skip: noBrowser }, async (t) => {
  const folder = pageFolder(
    t,
    script("console.log(JSON.stringify").replace(/busyTasks\(\) }\);$/m, "busyTasks() }));"),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.js")]);
  const expected = JSON.parse(stdout.trim().split("\n").at(-1)!) as Trained;
  for (const [name, bundle] of Object.entries(BUNDLERS)) {
    const built = await bundle(pageFolder(t, `${POST}${script("post")}`));
    for (const isolated of [true, false])
      await t.test(`${name}, ${isolated ? "isolated" : "not isolated"}`, async (inner) => {
        const attempts: Trained[] = [];
        do {
          const page = (await openFolder(built, { isolated, timeoutMs: 180_000 })) as Trained;
          attempts.push(page);
          assert.equal(page.isolated, isolated);
          assert.equal(page.weights, expected.weights);
          assert.equal(page.loss, expected.loss);
          assert.ok(Math.max(...page.busy) > LONGEST_TASK, "a busy thread must be seen");
        } while (!isolated && attempts.length < ATTEMPTS && longestOf(attempts.at(-1)!) > LONGEST_TASK);
        if (!isolated) checkFree(inner, attempts);
      });
  }
});

/** Photos as they are dropped on a page, large enough by their own word for two threads of decoding; and the hash of all. */
const decoding = (tell: string, photos: readonly (readonly [name: string, base64: string])[]): string => `
import { loadImages } from "fovea/data";
const photos = ${JSON.stringify(photos)};
const sources = Array.from({ length: 130 }, (_, i) => {
  const [name, base64] = photos[i % photos.length];
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return { path: \`\${i % 2 === 0 ? "a" : "b"}/\${i}-\${name}\`, size: 1 << 20, bytes: async () => bytes };
});
const { x, contentHash } = await loadImages(sources, { height: 20, width: 20, color: "rgb", threads: 2 });
const sum = x.data.reduce((total, value, i) => (total * 31 + value * (i % 7)) % 1e9, 7);
${tell}({ shape: x.shape, sum, contentHash });
`;

test("photos decode on a bundled page, on its threads, to Node's bytes", { skip: noBrowser }, async (t) => {
  const fixtures = JSON.parse(readFileSync(join(root, "test/parity/fixtures/pillow.json"), "utf8")) as {
    images: Record<string, { file: string }>;
  };
  const photos = Object.entries(fixtures.images)
    .filter(([name]) => ["jpeg-420.jpg", "jpeg-grey.jpg"].includes(name) || name.endsWith(".webp"))
    .slice(0, 4)
    .map(([name, { file }]) => [name, file] as const);
  assert.ok(photos.some(([name]) => name.endsWith(".webp")) && photos.some(([name]) => name.endsWith(".jpg")));
  const folder = pageFolder(t, decoding("((value) => console.log(JSON.stringify(value)))", photos));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "main.js")]);
  for (const [name, bundle] of Object.entries(BUNDLERS)) {
    const built = await bundle(pageFolder(t, `${POST}${decoding("post", photos)}`));
    await t.test(name, async () => {
      assert.deepEqual(await openFolder(built, { isolated: false, timeoutMs: 180_000 }), JSON.parse(stdout));
    });
  }
});
