// The views of a study's trials, linked: a brushed range in a view filters all views, and all show the trial under the
// pointer.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { useTurn } from "../../charts/use-turn.ts";
import { address, keepState, linkTo } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { ContourChart } from "./contour-chart.tsx";
import { CurvesChart } from "./curves-chart.tsx";
import { Filters } from "./filters.tsx";
import { HistoryChart } from "./history-chart.tsx";
import { ImportanceChart } from "./importance-chart.tsx";
import { ParallelChart } from "./parallel-chart.tsx";
import { ParetoChart } from "./pareto-chart.tsx";
import { brushesNow, pickedTrial } from "./selection.ts";
import { SliceChart } from "./slice-chart.tsx";
import { StudyHead } from "./study-head.tsx";
import { modelOf, selectionOf } from "./study-model.ts";
import { TimelineChart } from "./timeline-chart.tsx";
import { TrialBar } from "./trial-bar.tsx";
import type { Trials } from "./trials.ts";
import { TrialsTable } from "./trials-table.tsx";
import { useStudy } from "./use-study.ts";
import "./study.css";

/** Slices that are shown at first: of the most important parameters. */
const MOST_SLICES = 8;

export function Study({ project, study }: { readonly project: ProjectFacts; readonly study: string }) {
  const { trials, error } = useStudy(study);
  const code = useCall("tuneCode", { project: project.id, study }, trials?.view.hasSpec);
  useCode(code.value ?? code.previous);
  if (trials === undefined)
    return error === undefined ? <Beginning project={project} study={study} /> : <Refusal sentence={error} />;
  return (
    <div class="stack study">
      <Refusal sentence={error} />
      <StudyHead project={project} trials={trials} />
      {trials.count === 0 ? (
        <p class="quiet">Its first trial has not begun yet. Charts stand here as soon as there are trials.</p>
      ) : (
        <LinkedViews project={project} trials={trials} />
      )}
    </div>
  );
}

/** A study that has not been told yet: it is being read, or its images are loaded, or it could not begin. */
function Beginning({ project, study }: { readonly project: ProjectFacts; readonly study: string }) {
  const job = jobs.value.findLast((known) => known.study === study);
  if (job?.error !== undefined)
    return (
      <>
        <Refusal sentence={job.error} />
        <a href={linkTo(["work", project.id, "tune"])}>Studies</a>
      </>
    );
  const isLoading = job !== undefined && isAtWork(job);
  return <p class="muted">{isLoading ? `Loading the images: ${job.done} of ${job.total}` : "Opening the study ..."}</p>;
}

function LinkedViews({ project, trials }: { readonly project: ProjectFacts; readonly trials: Trials }) {
  const { view } = trials;
  const { objective: wanted, slices } = address.value.state;
  const objective = Math.min(view.directions.length - 1, Math.max(0, Number(wanted) || 0));
  const model = useMemo(() => modelOf(trials, objective), [trials, objective]);
  const brushText = address.value.state.brush;
  const selection = useMemo(() => selectionOf(model, brushesNow()), [model, brushText]);
  // Importance takes the longest to compute: it is asked for when the charts are built.
  const areBuilt = useTurn(false);
  const asked = areBuilt ? { study: view.id, objective } : undefined;
  const { value: importance } = useCall("importance", asked, tenths(view.counts.complete));
  const order = useMemo(() => {
    const shares = importance?.methods[0]?.shares ?? [];
    const rank = (position: number): number => {
      const at = shares.findIndex(({ name }) => name === view.parameters[position]!.name);
      return at < 0 ? shares.length : at;
    };
    return [...model.varied].sort((a, b) => rank(a) - rank(b) || a - b);
  }, [model, importance]);
  const shownSlices = slices === "all" ? order : order.slice(0, MOST_SLICES);
  const picked = pickedTrial();
  const objectiveName = view.objectives[objective] ?? "value";
  return (
    <>
      {view.directions.length > 1 && <ObjectiveChoice objectives={view.objectives} objective={objective} />}
      <Filters {...{ model, selection, order }} />
      {view.directions.length > 1 && (
        <Chart title="Pareto front" isFirst>
          <ParetoChart {...{ model, selection }} />
        </Chart>
      )}
      <Chart title="History" isFirst>
        <HistoryChart {...{ model, selection }} />
      </Chart>
      {order.length > 0 && (
        <Chart title="Parallel coordinates">
          <ParallelChart {...{ model, selection, order }} />
        </Chart>
      )}
      <div class="pair">
        <Chart title="Importance">
          {importance === undefined ? (
            <p class="muted">Computing ...</p>
          ) : (
            <ImportanceChart facts={importance} objective={objectiveName} />
          )}
        </Chart>
        <Chart title="Contour">
          <ContourChart {...{ model, selection, order }} />
        </Chart>
      </div>
      {order.length > 0 && (
        <Chart title="Slices">
          <div class="slices">
            {shownSlices.map((parameter) => (
              <SliceChart key={parameter} {...{ model, selection, parameter }} />
            ))}
          </div>
          {order.length > MOST_SLICES && (
            <button
              type="button"
              class="plain"
              onClick={() => keepState({ slices: slices === "all" ? undefined : "all" })}
            >
              {slices === "all" ? "The most important only" : `All ${order.length} parameters`}
            </button>
          )}
        </Chart>
      )}
      <div class="pair">
        <Chart title="Curves on the way">
          <CurvesChart {...{ model, selection }} />
        </Chart>
        <Chart title="Timeline">
          <TimelineChart {...{ model, selection }} />
          <small class="legend">
            <i class="complete" /> complete <i class="pruned" /> pruned <i class="fail" /> failed <i class="running" />{" "}
            running
          </small>
        </Chart>
      </div>
      <Chart title="Trials">
        <TrialsTable {...{ model, selection }} />
      </Chart>
      {picked !== undefined && picked < trials.count && (
        <TrialBar project={project} model={model} trial={picked} key={picked} />
      )}
    </>
  );
}

interface ObjectiveProps {
  readonly objectives: readonly string[];
  readonly objective: number;
}

/** Of several objectives, the one that charts show. */
const ObjectiveChoice = ({ objectives, objective }: ObjectiveProps) => (
  <label class="inline">
    Charts show
    <select
      value={objective}
      onChange={({ currentTarget }) => keepState({ objective: currentTarget.value, brush: undefined })}
    >
      {objectives.map((name, i) => (
        <option key={name} value={i}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

/** Changes when a tenth more trials are complete. */
const tenths = (complete: number): number => (complete < 4 ? complete : Math.floor(Math.log(complete) / Math.log(1.1)));

interface ChartBoxProps {
  readonly title: string;
  /** True for charts at the top, which the others wait for. */
  readonly isFirst?: boolean;
  readonly children: ComponentChildren;
}

/** A chart under its title; its place is kept until its turn comes. */
function Chart({ title, isFirst = false, children }: ChartBoxProps) {
  const hasCome = useTurn(isFirst);
  return (
    <section class="card chart" data-waits={hasCome ? undefined : true}>
      <h2>{title}</h2>
      {hasCome && children}
    </section>
  );
}
