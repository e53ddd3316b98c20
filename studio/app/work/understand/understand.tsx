// Understand: what a run's model gets right and wrong, with the images behind every figure one click away.
import type { JudgedImage, ProjectFacts, RunDetails } from "../../../contract/facts.js";
import { address, keepState, linkTo } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { metric, percent, whole } from "../../frame/numbers.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { type Called, useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { Cell } from "./cell.tsx";
import { Confidence } from "./confidence.tsx";
import { Confusion } from "./confusion.tsx";
import { cellOf } from "./confusion-matrix.ts";
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
  const chosen = useRun(project);
  const asked = chosen.run && { project: project.id, run: chosen.run.id };
  const { value: run, error } = useCall("run", asked, ended);
  const code = useCall("code", asked);
  useCode(code.value ?? code.previous);
  const part = partOf(address.value.state.part);
  const elsewhere = useCall("judge", asked && part !== "test" ? { ...asked, part } : undefined);
  if (chosen.runs === undefined) return <Opening title="Understand" />;
  if (chosen.run === undefined)
    return (
      <NoRun project={project} title="Understand">
        When a run has ended, this page shows which classes it takes for which, the images behind each number, how sure
        it was where it was right and where it was wrong.
      </NoRun>
    );
  const isClassification = chosen.run.task === "classification";
  return (
    <div class="stack">
      <header class="row">
        <h1>Understand</h1>
        <RunChoice {...chosen} />
        {isClassification && (
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
        )}
      </header>
      {run === undefined ? (
        <Waiting error={error}>Opening ...</Waiting>
      ) : isClassification ? (
        <Judgement
          project={project}
          run={run}
          judged={part === "test" ? { value: run.judged } : elsewhere}
          key={`${run.id} ${part}`}
        />
      ) : (
        <Others project={project} run={run} />
      )}
    </div>
  );
}

/** A sentence while something is asked for, or the one that says why it does not come. */
const Waiting = ({ error, children }: { readonly error: string | undefined; readonly children: string }) =>
  error === undefined ? (
    <p class="muted" role="status">
      {children}
    </p>
  ) : (
    <Refusal sentence={error} />
  );

interface RunProps {
  readonly project: ProjectFacts;
  readonly run: RunDetails;
}

/** Numbers that were predicted; of several labels the way to the report, which has their figures. */
function Others({ project, run }: RunProps) {
  if (run.task === "multiLabel")
    return (
      <p class="quiet">
        How well each label is told, with its threshold, and the images that are most wrong stand in the run's{" "}
        <a href={linkTo(["work", project.id, "report"], { run: run.id })}>report</a>.
      </p>
    );
  return (
    <>
      {run.numbers.map((numbers) => (
        <Numbers key={numbers.name} project={project} numbers={numbers} />
      ))}
    </>
  );
}

interface JudgementProps extends RunProps {
  readonly judged: Called<readonly JudgedImage[]>;
}

/** The classes of some images as a model tells them: all figures are of these images, with the labels that they have here. */
function Judgement({ project, run, judged: { value: judged, error } }: JudgementProps) {
  if (judged === undefined) return <Waiting error={error}>Judging the images ...</Waiting>;
  const cell = cellOf(address.value.state, run.classNames.length);
  const wrong = judged.filter(({ label, predicted: said }) => label !== said).length;
  return (
    <>
      <dl class="figures">
        <div>
          <dt>Accuracy on these images</dt>
          <dd class="figure">{metric(1 - wrong / judged.length)}</dd>
        </div>
        <div>
          <dt>Wrong</dt>
          <dd class="figure">
            {whole(wrong)} <small>of {whole(judged.length)}</small>
          </dd>
        </div>
        <div>
          <dt>Mean confidence</dt>
          <dd class="figure">{percent(judged.reduce((sum, { confidence }) => sum + confidence, 0) / judged.length)}</dd>
        </div>
      </dl>
      <div class="understand">
        <Confusion classNames={run.classNames} judged={judged} cell={cell} />
        <Cell project={project} run={{ ...run, judged }} cell={cell} />
      </div>
      <Confidence judged={judged} />
    </>
  );
}
