// A run while it trains and after: its curves, its speed, its hash.
import type { JobFacts } from "../../../contract/facts.js";
import { Curves } from "../../charts/curves.tsx";
import { linkTo } from "../../frame/address.ts";
import { duration, whole } from "../../frame/numbers.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork } from "../../frame/store.ts";

const STATES: Readonly<Record<JobFacts["state"], string>> = {
  loading: "Loading the images",
  training: "Training",
  evaluating: "Judging the test images",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
};

export function LiveRun({ job }: { readonly job: JobFacts }) {
  const { project, name, state, epoch, epochs, rate, secondsLeft, history, sha256, error } = job;
  const validation = history.val_accuracy ?? history.val_loss ?? [];
  const isHigherBetter = history.val_accuracy !== undefined;
  const best = bestEpoch(validation, isHigherBetter);
  return (
    <article class="card live" aria-label={name}>
      <header class="row">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <span class="muted" role="status">
          {STATES[state]}
          {state === "training" && `, epoch ${epoch} of ${epochs}`}
          {state === "stopped" && sha256 !== undefined && "; the best weights so far are kept"}
        </span>
        <span class="muted figures">
          {isAtWork(job) && rate !== undefined && `${whole(rate)} images/s`}
          {isAtWork(job) && secondsLeft !== undefined && `, ${duration(secondsLeft)} left`}
        </span>
        {isAtWork(job) && <StopButton job={job} />}
        {state === "done" && (
          <a class="button primary" href={linkTo(["work", project, "understand"], { run: name })}>
            Understand
          </a>
        )}
      </header>
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {history.loss !== undefined && (
        <div class="charts">
          {Object.keys(history)
            .filter((key) => !key.startsWith("val_") && !SHOWN.includes(key) && !key.startsWith("sparse_top"))
            .map((key) => (
              <Curves
                key={key}
                title={titleOf(key)}
                epochs={isAtWork(job) ? epochs : 0}
                best={best}
                series={pairOf(history[key]!, history[`val_${key}`])}
              />
            ))}
          {history.accuracy !== undefined && (
            <Curves
              title="Accuracy"
              epochs={isAtWork(job) ? epochs : 0}
              best={best}
              series={pairOf(history.accuracy, history.val_accuracy)}
            />
          )}
          <Curves
            title="Loss"
            epochs={isAtWork(job) ? epochs : 0}
            best={best}
            series={pairOf(history.loss, history.val_loss)}
          />
        </div>
      )}
      {sha256 !== undefined && (
        <p class="mono hash">
          <span class="muted">weights_sha256</span> {sha256}
        </p>
      )}
    </article>
  );
}

/** Measures that have a place of their own. */
const SHOWN: readonly string[] = ["loss", "accuracy", "learning_rate"];

/** A key of Keras in words: `Root mean squared error`. */
const titleOf = (key: string): string => `${key.charAt(0).toUpperCase()}${key.slice(1).replaceAll("_", " ")}`;

const pairOf = (training: readonly number[], validation: readonly number[] = []) => [
  { name: "training", values: training, color: 1 },
  { name: "validation", values: validation, color: 2 },
];

/** The epoch with the best figure, counted from 1; 0 before there is one. */
function bestEpoch(values: readonly number[], isHigherBetter: boolean): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    const [value, known] = [values[i]!, values[best - 1]];
    if (known === undefined || (isHigherBetter ? value > known : value < known)) best = i + 1;
  }
  return best;
}
