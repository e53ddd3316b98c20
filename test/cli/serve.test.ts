// `fovea serve` as a process: its address, its token, and its end by SIGTERM, which answers what was taken and refuses the rest.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listen } from "../../src/service/index.js";
import { png, writePhotoModel } from "../service/made-service.js";
import { fovea, start, workplace } from "./fovea.js";

test("SIGTERM answers what was taken, refuses the rest and ends with 0", async (t) => {
  const folder = workplace(t);
  await writePhotoModel(join(folder, "photos.keras"), 1);
  writeFileSync(join(folder, "token.txt"), "a-word-of-24-characters.\n");
  const free = await listen({ fetch: () => new Response("") });
  const { port } = free;
  await free.close();
  // A sample waits a second for others, so that the request is in work when the signal comes.
  const args = [
    "--port",
    String(port),
    "--threads",
    "1",
    "--batch",
    "2",
    "--delay",
    "1000",
    "--token-file",
    "token.txt",
    "--log",
    "log.jsonl",
    "--json",
  ];
  const serving = start(folder, "serve", "photos.keras", ...args);
  t.after(() => serving.process.kill("SIGKILL"));
  await serving.said(/"address"/);
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: "Bearer a-word-of-24-characters." },
    });
  assert.equal((await fetch(`http://127.0.0.1:${port}/v2`)).status, 401);
  const taken = ask("/v1/predict", { method: "POST", body: png(1) });
  await new Promise((resume) => setTimeout(resume, 300));
  serving.process.kill("SIGTERM");
  await serving.said(/"draining"/);
  assert.equal((await ask("/v2/health/ready")).status, 503);
  const refused = await ask("/v1/predict", { method: "POST", body: png(2) });
  assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
  assert.equal((await taken).status, 200);
  const { code, stderr } = await serving.ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /"event":"drained","unanswered":0/);
  for (const line of stderr.trimEnd().split("\n")) assert.equal(typeof JSON.parse(line), "object", line);
  assert.equal(readFileSync(join(folder, "log.jsonl"), "utf8").trimEnd().split("\n").length, 1);
});

test("another address needs a token, and wrong options are one sentence", async (t) => {
  const folder = workplace(t);
  const open = await fovea(folder, "serve", "photos.keras", "--host", "0.0.0.0");
  assert.deepEqual([open.code, open.stdout], [2, ""]);
  assert.match(open.stderr, /^fovea: other machines reach 0\.0\.0\.0: give a token by --token-file/);
  const { code, stdout } = await fovea(folder, "serve", "--openapi");
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { openapi: string }).openapi, "3.1.0");
});
