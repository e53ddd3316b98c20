// Understand: what a run's model gets right and wrong, with the images behind every figure one click away.
import type { ComponentChildren, JSX } from "preact";
import type { ProjectFacts, RunDetails } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { metric } from "../../frame/numbers.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { Judgement } from "./judgement.tsx";
import { Labelled } from "./labelled.tsx";
import { Numbers } from "./numbers.tsx";
import { Pairs } from "./pairs.tsx";
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
  if (chosen.runs === undefined) return <Opening title="Understand" />;
  if (chosen.run === undefined)
    return (
      <NoRun project={project} title="Understand">
        When a run has ended, this page shows which classes it takes for which, the images behind each number, how sure
        it was where it was right and where it was wrong.
      </NoRun>
    );
  const { task } = chosen.run;
  const Body = BODIES[task];
  return (
    <div class="stack">
      <header class="row">
        <h1>Understand</h1>
        <RunChoice {...chosen} />
        {!TASK_VIEWS[task].hasNumbers && (
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
      ) : (
        <Body project={project} run={run} part={part} key={`${run.id} ${part}`} />
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

interface PartProps extends RunProps {
  readonly part: Part;
}

/** The view of each task. */
const BODIES: { readonly [K in RunDetails["task"]]: (props: PartProps) => JSX.Element } = {
  classification: Classes,
  multiLabel: Labels,
  segmentation: ({ run, part }) => (
    <MapFigures run={run} part={part} what="masks">
      The report shows the classes of the pixels, and the images that overlap least with their masks.
    </MapFigures>
  ),
  detection: ({ run, part }) => (
    <MapFigures run={run} part={part} what="boxes">
      The report shows the classes of objects, and the images with the most objects missed or invented.
    </MapFigures>
  ),
  regression: ({ project, run }) => (
    <>
      {run.numbers.map((numbers) => (
        <Numbers key={numbers.name} project={project} numbers={numbers} />
      ))}
    </>
  ),
  verification: Pairs,
};

interface MapFiguresProps extends Pick<PartProps, "run" | "part"> {
  readonly what: string;
  readonly children: ComponentChildren;
}

/** Figures of masks or boxes; their images stand in the report. */
function MapFigures({ run, part, what, children }: MapFiguresProps) {
  const figures = Object.entries(run.metrics[part] ?? {});
  return (
    <section class="numbers" aria-label={`Figures of the ${what}`}>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{run.titles[name] ?? name.replaceAll("_", " ")}</dt>
            <dd class="figure">{metric(value)}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">{children}</p>
    </section>
  );
}

function Classes({ project, run, part }: PartProps) {
  const { value, previous, error } = useCall("breakdown", { project: project.id, run: run.id, part });
  const breakdown = value ?? previous;
  if (breakdown === undefined) return <Waiting error={error}>Judging the images ...</Waiting>;
  return <Judgement project={project} run={run} breakdown={breakdown} />;
}

function Labels({ project, run, part }: PartProps) {
  const { value, error } = useCall("labelled", { project: project.id, run: run.id, part });
  if (value === undefined) return <Waiting error={error}>Judging the images ...</Waiting>;
  return <Labelled project={project} run={run.id} labelled={value} />;
}
