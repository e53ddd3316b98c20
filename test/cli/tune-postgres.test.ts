// A study on several machines as its users meet it: begun by one command, shared by workers through PostgreSQL, one of them
// killed; models in a shared folder; the best rebuilt. No password is shown or kept.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import postgres from "postgres";
import { createStudy } from "../../src/tune/index.js";
import { claimsSpec, writeClaims } from "../experiment/claims.js";
import { noPostgres, startPostgres } from "../tune/postgres-server.js";
import { fovea, start, workplace } from "./fovea.js";

if (noPostgres !== undefined) test("fovea tune with PostgreSQL", { skip: noPostgres });
else {
  const server = await startPostgres();
  after(() => server.remove());

  test("two workers share a study, one is killed, and every trial is there with its model", async (t) => {
    const folder = workplace(t);
    writeClaims(folder);
    const first = { neurons: 4, activation: "relu", learningRate: 0.01 };
    writeFileSync(join(folder, "spec.json"), JSON.stringify(claimsSpec({ enqueue: [first], artifacts: "models" })));
    // The server trusts everybody; what matters is who else learns the password.
    const url = server.database("cli").replace("fovea@", "fovea:secret@");
    const storage = ["--storage", url, "--threads", "1"];
    const empty = await fovea(folder, "tune", "list", "--storage", url);
    assert.equal(empty.code, 1);
    assert.match(empty.stderr, /^fovea: postgresql:\/\/127\.0\.0\.1:\d+\/cli: there are no studies in this database/);

    const begun = await fovea(folder, "tune", "run", "spec.json", "--trials", "1", "--asynchronous", ...storage);
    assert.equal(begun.code, 0, begun.stderr);
    assert.match(begun.stdout, /^Trial 0 {2}0\.\d+ {2}neurons 4 {2}activation relu {2}learningRate 0\.01/m);
    assert.doesNotMatch(begun.stdout, /Going on/);
    const idle = await fovea(folder, "tune", "worker", ...storage);
    assert.match(
      idle.stdout,
      /There is nothing left to do: the study has 1 trial: 1 complete; --trials asks for more\./,
    );

    const killed = start(folder, "tune", "worker", "--trials", "12", ...storage);
    const other = start(folder, "tune", "worker", "--trials", "12", ...storage);
    await killed.said(/^Trial +\d+ /m);
    killed.process.kill("SIGKILL");
    const [, ended] = await Promise.all([killed.ended, other.ended]);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /the study has 12 trials: 12 complete\.$/m);
    for (let number = 0; number < 12; number++)
      assert.ok(existsSync(join(folder, `models/claims/trial-${number}/model.keras`)), `the model of trial ${number}`);

    const listed = await fovea(folder, "tune", "list", "--storage", url);
    assert.match(listed.stdout, /^claims +minimize +12 +0\.\d{4} +postgresql:\/\/fovea@127\.0\.0\.1/m);
    const best = await fovea(folder, "tune", "best", "--storage", url, "--json");
    const { number, model } = JSON.parse(best.stdout) as { number: number; model: string };
    assert.ok(model.endsWith(`models/claims/trial-${number}/model.keras`), model);
    const rebuilt = await fovea(folder, "tune", "rebuild", ...storage);
    assert.match(rebuilt.stdout, /Every digit is the same, and so is every bit of the weights\./);
    const exported = await fovea(folder, "tune", "export", "--storage", url, "--json");
    const report = readFileSync(join(folder, "studies/claims/report.html"), "utf8");
    for (const text of [begun.stdout, ended.stdout, listed.stdout, best.stdout, exported.stdout, report])
      assert.doesNotMatch(text, /secret/);
  });

  test("a user who may only select reads studies", async (t) => {
    const folder = workplace(t);
    const url = server.database("readers");
    const study = await createStudy({ name: "shared", storage: url, directions: ["minimize", "maximize"] });
    await study.optimize((trial) => [trial.suggestFloat("x", 0, 1), trial.number], { trials: 3 });
    await study.close();
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql.unsafe("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");
    await sql.end();
    const storage = ["--storage", url.replace("fovea@", "reader@")];
    const shown = await fovea(folder, "tune", "show", "shared", ...storage, "--json");
    assert.equal(shown.code, 0, shown.stderr);
    assert.equal((JSON.parse(shown.stdout) as { trials: unknown[] }).trials.length, 3);
    assert.match((await fovea(folder, "tune", "list", ...storage)).stdout, /^shared +minimize, maximize +3/m);
  });
}
