// Names that every JavaScript object has (constructor, toString, __proto__...) are names like any other: of parameters in
// every storage and sampler, of studies and attributes, of layers, optimizers and methods that do not exist.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openProgram, readSpec, runStudy, specProgram, suggestAll, trialsCsv } from "../../src/experiment/index.js";
import { loadStudyData } from "../../src/experiment/tune/study-data.js";
import { studyReportFacts } from "../../src/experiment/tune/study-report.js";
import { parseJson } from "../../src/formats/json.js";
import { initializerOf } from "../../src/nn/initializers/index.js";
import { lossOf } from "../../src/nn/losses/index.js";
import { metricOf } from "../../src/nn/metrics/index.js";
import { optimizerFromKeras, optimizerOf } from "../../src/nn/optimizers/index.js";
import { scheduleFromKeras } from "../../src/nn/optimizers/schedules.js";
import { regularizerOf } from "../../src/nn/regularizers.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";
import { renderStudyPage } from "../../src/report/pages/study-page.js";
import {
  cmaEsSampler,
  createStudy,
  fanova,
  gridSampler,
  loadStudy,
  MemoryStorage,
  nsga2Sampler,
  pedAnova,
  quasiRandomSampler,
  randomSampler,
  type Sampler,
  studyFacts,
  type Trial,
  tpeSampler,
} from "../../src/tune/index.js";
import { fovea, workplace } from "../cli/fovea.js";
import { claimsSpec, writeClaims } from "../experiment/claims.js";

const NAMES = [
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "__proto__",
  "__defineGetter__",
];

const root = mkdtempSync(join(tmpdir(), "fovea-names-"));
after(() => rmSync(root, { recursive: true, force: true }));

function objective(trial: Trial): number {
  let value = 0;
  for (const name of NAMES) value += trial.suggestFloat(name, 0, 1);
  trial.setUserAttribute("__proto__", [trial.number]);
  // Only some trials have a parameter of the name of something inherited.
  if (trial.number % 2 === 1) value += trial.suggestInt("propertyIsEnumerable", 1, 3);
  return value;
}

const GRID = Object.fromEntries([...NAMES.map((name) => [name, [0.25, 0.5]]), ["propertyIsEnumerable", [1, 2]]]);
const SAMPLERS: Readonly<Record<string, () => Sampler>> = {
  random: randomSampler,
  tpe: () => tpeSampler({ startupTrials: 3 }),
  "cma-es": cmaEsSampler,
  nsga2: () => nsga2Sampler({ populationSize: 4 }),
  "quasi-random": quasiRandomSampler,
  grid: () => gridSampler(GRID),
};

for (const [name, make] of Object.entries(SAMPLERS))
  test(`${name}: parameters of such names are suggested and kept`, async () => {
    const study = await createStudy({ sampler: make(), seed: 1 });
    await study.optimize(objective, { trials: 12 });
    for (const { number, params, values } of study.trials) {
      const names = [...NAMES, ...(number % 2 === 1 ? ["propertyIsEnumerable"] : [])];
      assert.deepEqual(Object.keys(params), names);
      const sum = Object.values(params).reduce<number>((total, value) => total + Number(value), 0);
      assert.ok(Math.abs(sum - values![0]!) < 1e-12);
    }
  });

for (const url of ["memory://", `journal://${join(root, "a.log")}`, `sqlite:///${join(root, "a.db")}`])
  test(`${url.split(":")[0]}: such names come back from a storage`, async () => {
    const storage = url === "memory://" ? new MemoryStorage() : url;
    const study = await createStudy({ name: "__proto__", storage, sampler: randomSampler() });
    await study.enqueueTrial(JSON.parse('{"__proto__": 0.5, "constructor": 0.25}') as Record<string, number>);
    await study.optimize(objective, { trials: 6 });
    const again = await loadStudy({ name: "__proto__", storage });
    assert.deepEqual(
      again.trials.map(({ params }) => Object.entries(params)),
      study.trials.map(({ params }) => Object.entries(params)),
    );
    const first = new Map(Object.entries(again.trials[0]!.params));
    assert.deepEqual([first.get("__proto__"), first.get("constructor")], [0.5, 0.25]);
    assert.deepEqual(Object.entries(again.trials[3]!.userAttributes), [["__proto__", [3]]]);
    const { trials, directions } = again;
    assert.deepEqual(Object.keys(studyFacts(again).space).sort(), [...NAMES, "propertyIsEnumerable"].sort());
    assert.deepEqual(Object.keys(fanova(trials, directions)).sort(), [...NAMES].sort());
    assert.equal(Object.keys(pedAnova(trials, directions)).length, NAMES.length + 1);
    const [head, row] = trialsCsv(again).split("\n");
    assert.ok(head!.includes("params___proto__,") && head!.includes("params_propertyIsEnumerable"), head);
    assert.match(row!, /^0,[\d.]+,COMPLETE,[^,]+,[^,]+,0\.25,[\d.,]+,,\[0\]$/);
    const { html } = await renderStudyPage(studyReportFacts(again, "memory://"));
    assert.doesNotMatch(html, /native code|\[object|>NaN</);
    await study.close();
    if (typeof storage === "string") await again.close();
  });

test("a spec may have such parameters; none vanishes", async () => {
  const table = writeClaims(root);
  const text = JSON.stringify({ ...claimsSpec(), trials: 2 })
    .replace(
      '"space":{',
      '"space":{"__proto__":{"choices":[4,8]},"constructor":{"int":[1,3]},"toString":{"float":[0.1,0.9],"when":{"__proto__":8}},',
    )
    .replace('"$neurons"', '"$__proto__"');
  const spec = readSpec(text);
  assert.deepEqual(Object.keys(spec.space).slice(0, 3), ["__proto__", "constructor", "toString"]);
  const study = await createStudy({ sampler: randomSampler() });
  assert.equal(Object.keys(suggestAll(spec.space, await study.ask()))[0], "__proto__");
  const data = { ...spec.data, table } as typeof spec.data;
  const program = await specProgram({ ...spec, data }, await loadStudyData(data));
  const ran = await openProgram(program, new MemoryStorage());
  await runStudy(ran, program, { threads: 1 });
  assert.deepEqual(
    ran.trials.map(({ state }) => state),
    ["complete", "complete"],
  );
  assert.ok(
    ran.trials.every(({ params }) => Object.hasOwn(params, "__proto__") && Object.hasOwn(params, "constructor")),
  );
});

test("layers, optimizers and all that goes by name are told to be unknown", () => {
  for (const name of [...NAMES, "Constructor", "ToString"]) {
    const form = { class_name: name, config: {} };
    const asked: readonly (readonly [() => unknown, RegExp])[] = [
      [() => layerFromKeras(form), /^the layer \w+ is of a class that Fovea does not have; check how it is spelt/],
      [() => optimizerFromKeras(form), /^optimizer: expected one of/],
      [() => optimizerOf(name as never), /^optimizer: expected one of/],
      [() => scheduleFromKeras(form), /^learning rate schedule: expected one of/],
      [() => lossOf(name as never), /^loss: expected one of/],
      [() => metricOf(name as never, [2, 1], [2, 1]), /^metrics: expected one of/],
      [() => initializerOf("dense", name as never), /^dense: expected an initializer/],
      [() => regularizerOf("dense", name as never), /^dense: expected a regularizer/],
    ];
    for (const [ask, message] of asked) assert.throws(ask, { name: "FoveaError", message });
  }
});

test('other JSON refuses a key "__proto__", however it is written', () => {
  for (const text of ['{"a": [{"__proto__": 1}]}', '{"\\u005f_proto__": 1}', '{"__\\u0070roto__": 1}'])
    assert.throws(
      () => parseJson("recipe.json", text),
      /^FoveaError: recipe\.json: the key "__proto__" cannot be used here/,
    );
  assert.deepEqual(parseJson("a", '{"name": "__proto__"}'), { name: "__proto__" });
});

test("fovea tune run tells an unknown layer or method, and runs parameters of such names", async (t) => {
  const folder = workplace(t);
  writeClaims(folder);
  const run = async (changes: Readonly<Record<string, unknown>>) => {
    writeFileSync(join(folder, "spec.json"), JSON.stringify(claimsSpec({ trials: 1, ...changes })));
    return fovea(folder, "tune", "run", "spec.json", "--threads", "1");
  };
  const layers = ["constructor", ...claimsSpec().model.layers];
  assert.match(
    (await run({ model: { layers } })).stderr,
    /^fovea: the layer constructor is of a class that Fovea does not have; /,
  );
  assert.match((await run({ sampler: "constructor" })).stderr, /^fovea: sampler: expected one of tpe, /);
  const space = { ...claimsSpec().space, constructor: { int: [1, 3] }, valueOf: { choices: ["a", "b"] } };
  const ran = await run({ space, study: "toString" });
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /^ {2}constructor: [123]$/m);
  const shown = await fovea(folder, "tune", "show", "toString");
  assert.match(shown.stdout, /constructor +valueOf/);
});
