// A run while it trains and after: its curves, its speed, its hash.
import type { JobFacts, MeasureFacts } from "../../../contract/facts.js";
import { Curves } from "../../charts/curves.tsx";
import { linkTo } from "../../frame/address.ts";
import { bytes, duration, whole } from "../../frame/numbers.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork } from "../../frame/store.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { bestEpoch, chartsOf, titleOf } from "./measures.ts";
import { ResumeButton } from "./resume-button.tsx";
import { SampleStrip } from "./sample-strip.tsx";

const STATES: Readonly<Record<JobFacts["state"], string>> = {
  loading: "Loading the images",
  training: "Training",
  evaluating: "Judging the test images",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
};

interface Props {
  readonly job: JobFacts;
  /** True where it was broken off and can go on. */
  readonly canResume: boolean;
}

export function LiveRun({ job, canResume }: Props) {
  const { project, name, state, epoch, epochs, rate, secondsLeft, history, memory, samples, seed, sha256, error } = job;
  const { measures = [], monitor = "val_loss" } = job;
  const measureOf = (key: string): MeasureFacts | undefined => measures.find((known) => known.key === key);
  const isHigherBetter = measureOf(monitor.replace(/^val_/, ""))?.direction === "up";
  const best = bestEpoch(history[monitor] ?? [], isHigherBetter);
  return (
    <article class="card live" aria-label={name}>
      <header class="row">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <span class="muted" role="status">
          {STATES[state]}
          {state === "training" && `, epoch ${epoch} of ${epochs}`}
          {state === "stopped" && epoch > 0 && ` at epoch ${epoch} of ${epochs}`}
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
      {history.loss !== undefined && (
        <div class="charts">
          {chartsOf(history).map((key) => (
            <Curves
              key={key}
              title={measureOf(key)?.title ?? titleOf(key)}
              epochs={isAtWork(job) ? epochs : 0}
              best={best}
              series={pairOf(history[key]!, history[`val_${key}`])}
            />
          ))}
        </div>
      )}
      {samples !== undefined && <SampleStrip project={project} samples={samples} />}
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

const pairOf = (training: readonly number[], validation: readonly number[] = []) => [
  { name: "training", values: training, color: 1 },
  { name: "validation", values: validation, color: 2 },
];
