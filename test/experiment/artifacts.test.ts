// Models of trials in a shared folder and on servers that take PUT: what is kept and noted, and that a server which fails,
// breaks off or refuses costs no trial.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { FoveaError } from "../../src/core/errors.js";
import {
  type ArtifactStore,
  keptModel,
  loadStudyData,
  openArtifacts,
  readSpec,
  runStudy,
  specProgram,
} from "../../src/experiment/index.js";
import { artifactAddress } from "../../src/experiment/tune/artifact-store.js";
import { openProgram } from "../../src/experiment/tune/program.js";
import { pathPart } from "../../src/experiment/tune/trial-artifacts.js";
import { loadModel } from "../../src/index.js";
import { explained } from "../../src/platform/files.js";
import { MemoryStorage, type Study } from "../../src/tune/index.js";
import { claimsSpec, writeClaims } from "./claims.js";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "fovea-artifacts-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

async function studyWith(t: TestContext, artifacts?: ArtifactStore): Promise<Study> {
  const spec = readSpec(claimsSpec({ study: "Schäden 1", trials: 2, sampler: "random" }));
  const data = { ...spec.data, table: writeClaims(folder(t)) } as typeof spec.data;
  const program = await specProgram({ ...spec, data }, await loadStudyData(data));
  const study = await openProgram(program, new MemoryStorage());
  await runStudy(study, program, { threads: 1, ...(artifacts && { artifacts }) });
  return study;
}

interface Request {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A server that notes requests and answers as `answer` says. @returns its address and the requests. */
async function server(t: TestContext, answer: (request: Request, response: ServerResponse, count: number) => void) {
  const requests: Request[] = [];
  const listening = createServer(async (message: IncomingMessage, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const { method = "", url = "", headers } = message;
    requests.push({ method, url, authorization: headers.authorization, body: Buffer.concat(pieces) });
    answer(requests.at(-1)!, response, requests.length);
  });
  await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
  t.after(() => listening.close());
  const { port } = listening.address() as { port: number };
  return { address: `http://127.0.0.1:${port}/bucket/models`, requests };
}

const BYTES = Uint8Array.of(1, 2, 3);
const put = async (address: string, headers = {}): Promise<string> =>
  (await openArtifacts(address, { headers, pause: 1 })).put("s/trial-0/model.keras", BYTES, "application/octet-stream");
const end = (status: number) => (_: Request, response: ServerResponse) => response.writeHead(status).end();

test("a folder has each complete trial's model and training, and the trial says where", async (t) => {
  const directory = folder(t);
  const study = await studyWith(t, await openArtifacts(pathToFileURL(directory).href));
  const without = await studyWith(t);
  assert.deepEqual(
    study.trials.map(({ values, params }) => [values, params]),
    without.trials.map(({ values, params }) => [values, params]),
  );
  assert.deepEqual(keptModel(without.trials[0]!), {});
  assert.deepEqual(readdirSync(directory), ["Schäden%201"]);
  for (const trial of study.trials) {
    const { path } = keptModel(trial);
    assert.equal(path, join(directory, "Schäden%201", `trial-${trial.number}`, "model.keras"));
    const { model, facts } = await loadModel(new Uint8Array(readFileSync(path)));
    assert.equal(await model.weightsSha256(), trial.userAttributes.weights_sha256);
    assert.equal(facts?.weightsSha256, trial.userAttributes.weights_sha256);
    await model.close();
    const training = JSON.parse(readFileSync(join(path, "../training.json"), "utf8")) as Record<string, unknown>;
    assert.deepEqual([training.params, training.values], [trial.params, trial.values]);
    assert.equal((training.history as { val_loss: number[] }).val_loss.length, training.epochs);
    // The form that Optuna's get_all_artifact_meta reads.
    const id = `Schäden%201/trial-${trial.number}/model.keras`;
    assert.deepEqual(JSON.parse(String(trial.systemAttributes[`artifacts:${id}`])), {
      artifact_id: id,
      filename: "model.keras",
      mimetype: "application/octet-stream",
      encoding: null,
    });
  }
});

test("a server gets both files, with the token that it wants", async (t) => {
  const { address, requests } = await server(t, end(200));
  const study = await studyWith(t, await openArtifacts(`${address}/`, { headers: { authorization: "Bearer open" } }));
  assert.deepEqual(
    requests.map(({ method, url, authorization }) => [method, url, authorization]),
    [0, 1].flatMap((number) =>
      ["model.keras", "training.json"].map((file) => [
        "PUT",
        `/bucket/models/Sch%C3%A4den%25201/trial-${number}/${file}`,
        "Bearer open",
      ]),
    ),
  );
  assert.equal(requests[0]!.body.subarray(0, 2).toString(), "PK");
  assert.equal(keptModel(study.trials[1]!).path, `${address}/Sch%C3%A4den%25201/trial-1/model.keras`);
  assert.ok(!JSON.stringify(study.trials).includes("open"), "the token is kept nowhere");
});

test("what fails in passing is done again, what is refused is not", async (t) => {
  const busy = await server(t, (_, response, count) => response.writeHead(count < 3 ? 503 : 201).end());
  assert.equal(await put(busy.address), `${busy.address}/s/trial-0/model.keras`);
  assert.deepEqual(
    busy.requests.map(({ body }) => [...body]),
    [1, 2, 3].map(() => [1, 2, 3]),
  );
  const broken = await server(t, end(500));
  await assert.rejects(
    put(broken.address),
    /^FoveaError: cannot put http\S+: the server answered 500 Internal Server Error$/,
  );
  assert.equal(broken.requests.length, 3);
  const closed = await server(t, end(403));
  await assert.rejects(put(closed.address), /the server answered 403 Forbidden/);
  assert.equal(closed.requests.length, 1);
  const elsewhere = await server(t, (_, response) => response.writeHead(307, { location: closed.address }).end());
  await assert.rejects(put(elsewhere.address, { authorization: "Bearer secret" }), /the server answered 307/);
  assert.equal(closed.requests.length, 1, "a token goes nowhere else");
});

test("WebDAV has folders, and they are made", async (t) => {
  const made = new Set(["/bucket/models/"]);
  const { address, requests } = await server(t, ({ method, url }, response) => {
    const parent = url.replace(/[^/]+\/?$/, "");
    const status = !made.has(parent) ? 409 : made.has(url) ? 405 : 201;
    if (status === 201 && method === "MKCOL") made.add(url);
    response.writeHead(status).end();
  });
  await put(address);
  await put(address);
  assert.deepEqual(
    requests.map(({ method }) => method),
    ["PUT", "MKCOL", "MKCOL", "PUT", "PUT"],
  );
});

test("a server that fails or breaks off costs no trial: the value stays, the reason is noted", async (t) => {
  for (const [answer, reason] of [
    [end(500), /^cannot put http:\/\/127\.0\.0\.1:\d+\/\S+: the server answered 500 Internal Server Error$/],
    [
      (_: Request, response: ServerResponse) => response.destroy(),
      /^cannot put \S+: there is no connection to the server \(UND_ERR_SOCKET\)$/,
    ],
  ] as const) {
    const { address } = await server(t, answer);
    const study = await studyWith(t, await openArtifacts(address, { pause: 1 }));
    for (const trial of study.trials) {
      assert.equal(trial.state, "complete");
      assert.match(keptModel(trial).error ?? "", reason);
      assert.ok(Number.isFinite(trial.values![0]));
    }
  }
  const file = join(folder(t), "file");
  writeFileSync(file, "in the way");
  await assert.rejects(openArtifacts(file), /cannot make the folder .*file/);
});

test("places that cannot be are told, and no secret is remembered", async (t) => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["s3://bucket/x", /received "s3:\/\/bucket\/x"; a bucket is https:\/\//],
    ["ftp://host", /expected a folder, file:\/\/\/FOLDER or http\(s\):\/\/HOST\/PATH/],
    ["", /expected a folder/],
    ["file://host/x", /with three slashes/],
    ["http://me:secret@host/x", /without a name, password or \?\.\.\.; a token goes into .* FOVEA_ARTIFACTS_TOKEN$/],
    ["https://host/x?sig=secret", /without a name, password/],
    ["http://", /cannot be read/],
  ];
  for (const [address, message] of wrong)
    await assert.rejects(openArtifacts(address), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(!error.message.includes("secret"));
      return error.name === "FoveaError";
    });
  const spec = readSpec(claimsSpec({ artifacts: "https://host/x?sig=secret" }));
  const data = { ...spec.data, table: writeClaims(folder(t)) } as typeof spec.data;
  await assert.rejects(specProgram({ ...spec, data }, await loadStudyData(data)), /without a name, password/);
  assert.equal(await artifactAddress("file:///C:/models"), "C:/models");
  assert.deepEqual(["a b", "a%20b", "a_b", "../x", "漢字.1"].map(pathPart), [
    "a%20b",
    "a%2520b",
    "a_b",
    "%2e.%2fx",
    "漢字.1",
  ]);
});

test("a folder that takes no more files ends the study in a sentence, and the trial is taken up when it goes on", async (t) => {
  const directory = folder(t);
  const store = await openArtifacts(join(directory, "models"));
  const full: ArtifactStore = {
    address: store.address,
    put: (name, bytes, mimetype) =>
      name.includes("trial-1")
        ? explained("write", name, () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" })))
        : store.put(name, bytes, mimetype),
  };
  const spec = readSpec(claimsSpec({ study: "full", trials: 3, sampler: "random" }));
  const data = { ...spec.data, table: writeClaims(directory) } as typeof spec.data;
  const program = await specProgram({ ...spec, data }, await loadStudyData(data));
  const storage = new MemoryStorage();
  const study = await openProgram(program, storage);
  await assert.rejects(
    runStudy(study, program, { threads: 1, artifacts: full }),
    /^FoveaError: study "full": trial 1 ended the run: cannot write full\/trial-1\/model\.keras: the disk is full; free some/,
  );
  assert.deepEqual(
    study.trials.map(({ state }) => state),
    ["complete"],
  );
  // Its process is alive (it is this one), but the trial has been silent for too long.
  storage.silence = async () => new Map([[1, 1e9]]);
  const again = await openProgram(program, storage);
  await runStudy(again, program, { threads: 1, artifacts: store });
  assert.deepEqual(
    again.trials.map((trial) => [trial.state, keptModel(trial).error]),
    [0, 1, 2].map(() => ["complete", undefined]),
  );
});

test("an error that the system had first ends a study, one of the model's fails its trial", async (t) => {
  const spec = readSpec(claimsSpec({ study: "caught", trials: 1 }));
  const data = { ...spec.data, table: writeClaims(folder(t)) } as typeof spec.data;
  const { catch: isCaught } = await specProgram({ ...spec, data }, await loadStudyData(data));
  assert.ok(typeof isCaught === "function");
  const caught = isCaught as (error: unknown) => boolean;
  const cause = Object.assign(new Error("no space"), { code: "ENOSPC" });
  assert.equal(caught(new FoveaError("shape-mismatch", "a kernel of 3 does not fit")), true);
  assert.equal(caught(new FoveaError("disk-full", "cannot write x: the disk is full", { cause })), false);
  assert.equal(
    caught(
      new FoveaError("disk-full", "told once more", {
        cause: new FoveaError("disk-full", "the disk is full", { cause }),
      }),
    ),
    false,
  );
  assert.equal(caught(new TypeError("a fault")), false);
});
