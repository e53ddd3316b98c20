// `fovea studio` refuses what it cannot open in one sentence, before any browser opens.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fovea, workplace } from "./fovea.js";

test("a port that is taken and a path that is not there are one sentence each", async (t) => {
  const folder = workplace(t);
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const taken = await fovea(folder, "studio", "--port", String(port), "--json");
  const sentence = `port ${port} is taken; choose another by --port, or leave it out`;
  assert.deepEqual([taken.code, taken.stderr], [2, `fovea: ${sentence}\n`]);
  assert.deepEqual(JSON.parse(taken.stdout), { error: sentence, code: "wrong-usage" });
  const absent = await fovea(folder, "studio", "nowhere", "--no-open");
  assert.deepEqual([absent.code, absent.stdout], [1, ""]);
  assert.match(absent.stderr, /nowhere: there is no such file or folder\n$/);
});

test("--out writes the whole Studio for a web server, and nothing over other files", async (t) => {
  const folder = workplace(t);
  const written = await fovea(folder, "studio", "--out", "site", "--json");
  assert.equal(written.code, 0, written.stderr);
  assert.match(readFileSync(join(folder, "site/index.html"), "utf8"), /data-place="static"/);
  const names = JSON.parse(readFileSync(join(folder, "site/files.json"), "utf8")) as string[];
  assert.deepEqual(
    names.filter((name) => !existsSync(join(folder, "site", name))),
    [],
  );
  assert.ok(
    names.some((name) => /model-.*\.keras$/.test(name)),
    "weights, which the package has once",
  );
  const again = await fovea(folder, "studio", "--out", "site");
  assert.deepEqual([again.code, again.stderr], [1, "fovea: site is not empty; give a new or an empty folder\n"]);
});
