// Studies shared through PostgreSQL: many workers, some of them killed; connections that break.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createStudy, loadStudy, openStorage, randomSampler, type Trial } from "../../src/tune/index.js";
import { mixed } from "./objectives.js";
import { noPostgres, startPostgres } from "./postgres-server.js";
import { startWorker } from "./start-worker.js";

if (noPostgres !== undefined) test("studies in PostgreSQL", { skip: noPostgres });
else {
  const server = await startPostgres();
  after(() => server.remove());

  test("eight workers, two of them killed: 200 trials, none lost, none ended twice", async () => {
    const url = server.database("shared");
    const workers = Array.from({ length: 8 }, () => startWorker(url, "shared", 200, "async"));
    await Promise.all([workers[0]!.killAfter(4), workers[1]!.killAfter(9)]);
    const results = await Promise.all(workers.map((worker) => worker.over));
    assert.deepEqual(
      results.map(({ code }) => code),
      ["SIGKILL", "SIGKILL", 0, 0, 0, 0, 0, 0],
      results.map((r) => r.errors).join(),
    );
    const study = await loadStudy({ name: "shared", storage: url });
    assert.deepEqual(
      study.trials.map((trial) => trial.number),
      Array.from({ length: 200 }, (_, i) => i),
    );
    assert.deepEqual([...new Set(study.trials.map((trial) => trial.state))], ["complete"]);
    assert.ok(study.trials.every((trial) => trial.intermediate.size === 3 && trial.values?.length === 1));
    const ended = workers.flatMap((worker) => worker.ended);
    assert.equal(new Set(ended).size, ended.length, "no trial was ended twice");
    // The two that were killed may have ended one each without having told.
    assert.ok(ended.length >= 198, `${ended.length} were told`);
    await study.close();
  });

  test("a server that restarts in mid-trial is waited for", async () => {
    const url = server.database("restarted");
    const study = await createStudy({ storage: url, sampler: randomSampler() });
    await study.optimize(
      async (trial: Trial) => {
        const value = mixed(trial);
        await trial.report(value, 0);
        if (trial.number === 2) {
          server.stop();
          setTimeout(() => server.start(), 300);
        }
        await trial.report(value, 1);
        return value;
      },
      { trials: 5 },
    );
    assert.deepEqual(
      study.trials.map((trial) => [trial.state, trial.intermediate.size]),
      Array(5).fill(["complete", 2]),
    );
    await study.close();
  });

  test("a server that stays away ends the run, which can be resumed", async () => {
    const url = server.database("lost");
    const open = async (patience: number) =>
      createStudy({ storage: await openStorage(url, { patience }), sampler: randomSampler(), seed: 3 });
    const study = await open(0.5);
    const objective = async (trial: Trial) => {
      const value = mixed(trial);
      if (trial.number === 2 && !resumed) server.stop();
      await trial.report(value, 0);
      return value;
    };
    let resumed = false;
    await assert.rejects(study.optimize(objective, { trials: 5 }), /has not answered for 0.5 seconds .*can be resumed/);
    await study.close();
    server.start();
    resumed = true;
    // The process that held trial 2 is alive (it is this one), but its trial has been silent for long enough.
    const again = await createStudy({
      storage: url,
      sampler: randomSampler(),
      heartbeat: { interval: 0.02, grace: 0.05 },
    });
    await new Promise((resume) => setTimeout(resume, 600));
    await again.optimize(objective, { totalTrials: 5 });
    const reference = await createStudy({ sampler: randomSampler(), seed: 3 });
    await reference.optimize(objective, { trials: 5 });
    assert.deepEqual(
      again.trials.map((trial) => trial.values),
      reference.trials.map((trial) => trial.values),
    );
    await again.close();
  });

  test("no server, or no such database", async () => {
    const url = server.database("exists");
    await assert.rejects(openStorage(url.replace("/exists", "/missing")), /database "missing" does not exist/);
    await assert.rejects(
      openStorage("postgresql://fovea@127.0.0.1:1/x", { patience: 0.1 }),
      /127.0.0.1:1\/x: the database has not answered/,
    );
    await assert.rejects(openStorage("postgresql://["), /cannot be read/);
  });
}
