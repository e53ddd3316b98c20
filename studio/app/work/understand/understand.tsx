// Understand: what a run's model gets right and wrong, with the images behind every figure one click away.
import { address, keepState, linkTo } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { metric, percent } from "../../frame/numbers.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { Cell } from "./cell.tsx";
import { Confidence } from "./confidence.tsx";
import { Confusion } from "./confusion.tsx";
import { Numbers } from "./numbers.tsx";
import "./understand.css";

const PARTS = [
  ["test", "Test images"],
  ["validation", "Validation images"],
  ["train", "Training images"],
] as const;
type Part = (typeof PARTS)[number][0];

const partOf = (text: string | undefined): Part => PARTS.find(([name]) => name === text)?.[0] ?? "test";

export function Understand({ project }: ViewProps) {
  const ended = jobs.value.filter((job) => !isAtWork(job)).length;
  const { value: runs } = useCall("runs", { project: project.id }, ended);
  const { run: wanted, actual, predicted } = address.value.state;
  const id = wanted ?? runs?.at(-1)?.id;
  const { value: run, error } = useCall("run", id === undefined ? undefined : { project: project.id, run: id }, ended);
  const { value: code } = useCall("code", id === undefined ? undefined : { project: project.id, run: id });
  useCode(code);
  const part = partOf(address.value.state.part);
  const elsewhere = useCall(
    "judge",
    id === undefined || part === "test" ? undefined : { project: project.id, run: id, part },
  );
  if (runs?.length === 0)
    return (
      <section class="quiet">
        <h1>Understand</h1>
        <p>
          When a run has ended, this page shows which classes it takes for which, the images behind each number, how
          sure it was where it was right and where it was wrong.
        </p>
        <a class="button primary" href={linkTo(["work", project.id, "train"])}>
          Train
        </a>
      </section>
    );
  if (error !== undefined) return <p class="error">{error}</p>;
  if (run === undefined) return <p class="muted">Opening ...</p>;
  const cell =
    actual === undefined || predicted === undefined
      ? undefined
      : { actual: Number(actual), predicted: Number(predicted) };
  const { classNames, metrics } = run;
  const judged = part === "test" ? run.judged : (elsewhere.value ?? []);
  const wrong = judged.filter(({ label, predicted: said }) => label !== said);
  return (
    <div class="stack">
      <header class="row">
        <h1>Understand</h1>
        <select aria-label="Run" value={id} onChange={({ currentTarget }) => keepState({ run: currentTarget.value })}>
          {runs?.map(({ id: known, name }) => (
            <option key={known} value={known}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label="Judged on"
          value={part}
          onChange={({ currentTarget }) => keepState({ part: currentTarget.value })}
        >
          {PARTS.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
        {elsewhere.error !== undefined && <span class="error">{elsewhere.error}</span>}
      </header>
      {run.numbers.map((numbers) => (
        <Numbers key={numbers.name} project={project} numbers={numbers} />
      ))}
      {run.task === "multiLabel" && (
        <p class="quiet">
          How well each label is told, with its threshold, and the images that are most wrong stand in the run's{" "}
          <a href={linkTo(["work", project.id, "report"], { run: run.id })}>report</a>.
        </p>
      )}
      {run.task === "classification" && (
        <>
          <dl class="figures">
            <div>
              <dt>Accuracy on these images</dt>
              <dd class="figure">{metric(metrics[part]?.accuracy ?? Number.NaN)}</dd>
            </div>
            <div>
              <dt>Wrong</dt>
              <dd class="figure">
                {wrong.length} <small>of {judged.length}</small>
              </dd>
            </div>
            <div>
              <dt>Mean confidence</dt>
              <dd class="figure">
                {percent(judged.reduce((sum, { confidence }) => sum + confidence, 0) / judged.length)}
              </dd>
            </div>
          </dl>
          <div class="understand">
            <Confusion classNames={classNames} judged={judged} cell={cell} />
            <Cell project={project} run={{ ...run, judged }} cell={cell} />
          </div>
          <Confidence judged={judged} />
        </>
      )}
    </div>
  );
}
