// The benchmark's program: `node bench/run.mjs --help`. Goes through the plan, one child at a time, and writes the report.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { figure } from "./charts.js";
import { commit, machine } from "./machine.js";
import { type Measurement, plan, type Section } from "./plan.js";
import { fileStem, type MeasuredSection, markdown, numbersOf, type Report, type Row } from "./report.js";
import { type Runner, run, runners, writeOnnx } from "./runners.js";
import type { Spec } from "./spec.js";

const bench = fileURLToPath(new URL("../../bench/", import.meta.url));
const ownPython = join(bench, ".venv/bin/python");

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    steps: { type: "string" },
    seconds: { type: "string" },
    python: { type: "string", default: existsSync(ownPython) ? ownPython : "python3" },
    "other-python": { type: "string", default: "/usr/bin/python3" },
    out: { type: "string", default: join(bench, "results") },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const HELP = `node bench/run.mjs [options]: Fovea and its peers side by side

  --quick              one step of everything, small: does it run?
  --only PATTERN       only sections or runners whose names match this regular expression
  --steps N            runs to time (20; 1 with --quick)
  --seconds S          no more than this for the timed runs of one measurement (8; 1 with --quick)
  --python FILE        a Python with bench/python/requirements.txt (bench/.venv's, else python3)
  --other-python FILE  another, whose PyTorch is measured as well (/usr/bin/python3)
  --out FOLDER         where DATE-COMMIT.md, .json and figures go (bench/results)
  --list               only say what would be measured`;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A runner with its version, or why it is absent. */
function look({ name, find }: Runner): Report["runners"][number] {
  try {
    return { name: find() };
  } catch (error) {
    return { name, absent: message(error) };
  }
}

/** Measures the plan's sections and tells on standard error how it goes. */
async function measureAll(sections: readonly Section[]): Promise<void> {
  const started = performance.now();
  const here = machine();
  if (here.load > 0.5) console.error(`The machine is busy (load ${here.load}): these numbers will not be worth much.`);
  const pythons = { main: options.python, other: options["other-python"] };
  const all = runners(pythons);
  const wanted = [...new Set(sections.flatMap(({ measurements }) => measurements.map(({ runner }) => runner)))];
  const found = new Map(wanted.map((id) => [id, look(all[id])]));

  const temporary = mkdtempSync(join(tmpdir(), "fovea-bench-"));
  process.once("exit", () => rmSync(temporary, { recursive: true, force: true }));
  /** One file for each network, batch and image size. */
  const files = new Map<string, Promise<string>>();
  const onnxFile = (spec: Spec): Promise<string> => {
    const name = `${spec.model}-${spec.batch}-${spec.image.join("x")}.onnx`;
    const file = join(temporary, name);
    const written = files.get(name) ?? writeOnnx(pythons, { ...spec, onnx: file }).then(() => file);
    files.set(name, written);
    return written.catch((error: unknown) => {
      throw new Error(`no ONNX file: ${message(error)}`);
    });
  };

  const measure = async ({ runner: id, spec }: Measurement): Promise<Row> => {
    const runner = all[id];
    const { name, absent } = found.get(id)!;
    const row = { who: name, setting: runner.setting(spec), spec };
    if (absent !== undefined) return { ...row, failed: absent };
    try {
      const complete = runner.needsOnnx ? { ...spec, onnx: await onnxFile(spec) } : spec;
      return { ...row, ...numbersOf(spec, await run(runner, complete)) };
    } catch (error) {
      return { ...row, failed: message(error) };
    }
  };

  const measured: MeasuredSection[] = [];
  const report: Omit<Report, "minutes"> = {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    extent: options.quick ? "quick" : options.only === "" ? "whole" : "part",
    machine: here,
    runners: [...found.values()],
    sections: measured,
  };
  for (const { measurements, ...section } of sections) {
    console.error(`\n${section.title}`);
    const rows: Row[] = [];
    for (const measurement of measurements) {
      const row = await measure(measurement);
      const { batch, image } = row.spec;
      const result = row.failed ?? `${row.median_ms} ms, ${row.images_per_second ?? "-"} images/s`;
      console.error(`  ${row.who}, ${row.setting}, batch ${batch}, ${image.join("x")}: ${result}`);
      rows.push(row);
    }
    measured.push({ ...section, rows });
    // After every section, so that a run that is stopped has not been for nothing.
    await save({ ...report, minutes: Math.round((performance.now() - started) / 6000) / 10 });
  }
  console.error(`\nWritten to ${join(options.out, fileStem(report))}.md, .json and figures`);
}

/** Writes the report and the figures of the sections that grow. */
async function save(report: Report): Promise<void> {
  mkdirSync(options.out, { recursive: true });
  const stem = join(options.out, fileStem(report));
  writeFileSync(`${stem}.json`, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(`${stem}.md`, markdown(report));
  for (const section of report.sections)
    if (section.along !== undefined) writeFileSync(`${stem}-${section.id}.svg`, await figure(section, section.along));
}

/** The sections that `--only` leaves. */
function wantedSections(): Section[] {
  const { quick, only } = options;
  const pattern = new RegExp(only);
  return plan({
    quick,
    warmUp: quick ? 1 : 5,
    steps: Number(options.steps ?? (quick ? 1 : 20)),
    seconds: Number(options.seconds ?? (quick ? 1 : 8)),
  })
    .map(({ measurements, ...section }) => ({
      ...section,
      measurements: measurements.filter(({ runner }) => pattern.test(section.id) || pattern.test(runner)),
    }))
    .filter(({ measurements }) => measurements.length > 0);
}

if (options.help) console.log(HELP);
else if (options.list)
  for (const { id, measurements } of wantedSections())
    console.log(`${id}: ${measurements.map(({ runner }) => runner).join(", ")}`);
else await measureAll(wantedSections());
