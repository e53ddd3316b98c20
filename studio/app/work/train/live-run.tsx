// A run while it trains and after: its curves, its speed, its hash.
import { useMemo } from "preact/hooks";
import type { JobFacts, MeasureFacts, UnfinishedRun } from "../../../contract/facts.js";
import { Curves } from "../../charts/curves.tsx";
import { linkTo } from "../../frame/address.ts";
import { bytes, duration, whole } from "../../frame/numbers.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork, jobs } from "../../frame/store.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { bestEpoch, chartsOf, titleOf } from "./measures.ts";
import { ResumeButton } from "./resume-button.tsx";
import { SampleStrip } from "./sample-strip.tsx";

const STATES: Readonly<Record<JobFacts["state"], string>> = {
  waiting: "Waiting for its turn",
  loading: "Loading the images",
  training: "Training",
  evaluating: "Judging the test images",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
};

interface Props {
  /** The job of the run. */
  readonly id: string;
  /** Runs that were broken off and can go on. */
  readonly unfinished: readonly UnfinishedRun[];
}

/** Drawn again with each piece of news of its job, and the charts in it after each epoch. */
export function LiveRun({ id, unfinished }: Props) {
  const job = jobs.value.find((known) => known.id === id);
  const charts = useMemo(() => job && <Charts job={job} />, [id, job?.history.loss?.length, job?.state]);
  const strip = useMemo(
    () => job?.samples && <SampleStrip project={job.project} samples={job.samples} />,
    [id, JSON.stringify(job?.samples)],
  );
  if (job === undefined) return null;
  const { project, name, state, epoch, epochs, rate, secondsLeft, history, memory, seed, sha256, error } = job;
  const trained = history.loss?.length ?? 0;
  const canResume = state === "stopped" && unfinished.some((run) => run.id === name);
  return (
    <article class="card live" aria-label={name}>
      <header class="row">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <span class="muted" role="status">
          {STATES[state]}
          {state === "training" && `, epoch ${epoch} of ${epochs}`}
          {state === "stopped" && trained > 0 && ` at epoch ${trained} of ${epochs}`}
          {state === "stopped" && sha256 !== undefined && "; the best weights so far are kept"}
        </span>
        <span class="muted figures">
          {isAtWork(job) && rate !== undefined && `${whole(rate)} images/s`}
          {isAtWork(job) && secondsLeft !== undefined && `, ${duration(secondsLeft)} left`}
          {isAtWork(job) && memory !== undefined && `, ${bytes(memory)} of memory`}
        </span>
        {isAtWork(job) && <StopButton job={job} />}
        {canResume && <ResumeButton project={project} run={name} />}
        {state === "done" && (
          <a class="button primary" href={linkTo(["work", project, "understand"], { run: name })}>
            Understand
          </a>
        )}
      </header>
      <Refusal sentence={error} />
      {charts}
      {strip}
      {seed !== undefined && (
        <p class="mono hash">
          <span class="muted">seed</span> {seed}
          {sha256 !== undefined && (
            <>
              {" "}
              <span class="muted">weights_sha256</span> {sha256}
            </>
          )}
        </p>
      )}
    </article>
  );
}

/** Curves of all measures, the best epoch marked. */
function Charts({ job }: { readonly job: JobFacts }) {
  const { history, epochs, measures = [], monitor = "val_loss" } = job;
  const measureOf = (key: string): MeasureFacts | undefined => measures.find((known) => known.key === key);
  const isHigherBetter = measureOf(monitor.replace(/^val_/, ""))?.direction === "up";
  if (history.loss === undefined) return null;
  return (
    <div class="charts">
      {chartsOf(history).map((key) => (
        <Curves
          key={key}
          title={measureOf(key)?.title ?? titleOf(key)}
          epochs={isAtWork(job) ? epochs : 0}
          best={bestEpoch(history[monitor] ?? [], isHigherBetter)}
          series={pairOf(history[key]!, history[`val_${key}`])}
        />
      ))}
    </div>
  );
}

const pairOf = (training: readonly number[], validation: readonly number[] = []) => [
  { name: "training", values: training, color: 1 },
  { name: "validation", values: validation, color: 2 },
];
