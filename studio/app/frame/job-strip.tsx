// The strip at the bottom: running work, whatever view is open.
import type { JobFacts } from "../../contract/facts.js";
import { linkTo } from "./address.ts";
import { duration, whole } from "./numbers.ts";
import { StopButton } from "./stop-button.tsx";
import { failure, runningJobs, welcome } from "./store.ts";

/** The view that shows a job. */
const VIEW_OF: Readonly<Record<JobFacts["kind"], string>> = {
  train: "train",
  tune: "tune",
  export: "ship",
  look: "data",
  draw: "data",
  score: "data",
};

export function JobStrip() {
  const { version, note, place } = welcome.value ?? {};
  return (
    <footer class="job-strip">
      {failure.value !== undefined && <span role="alert">{failure.value}</span>}
      {runningJobs.value.map(
        ({ id, project, kind, study, name, state, epoch, epochs, done, total, rate, secondsLeft }) => (
          <>
            <a href={linkTo(project === "" ? [] : ["work", project, VIEW_OF[kind]], { study })}>
              <bdi>{name}</bdi>
            </a>
            {(state === "waiting" || kind === "train") && state !== "training" && <span>{state}</span>}
            {kind === "train" && state === "training" && <span>{`epoch ${epoch} of ${epochs}`}</span>}
            {kind === "tune" && state !== "waiting" && state !== "loading" && (
              <span>{`${done} of ${total} trials`}</span>
            )}
            <span
              class="bar"
              role="progressbar"
              aria-label={name}
              aria-valuemin={0}
              aria-valuemax={total}
              aria-valuenow={done}
            >
              <i style={{ width: `${total === 0 ? 0 : (100 * done) / total}%` }} />
            </span>
            {rate !== undefined && <span>{whole(rate)} images/s</span>}
            {secondsLeft !== undefined && <span>{duration(secondsLeft)} left</span>}
            <StopButton job={{ id }} class="plain">
              ■ Stop
            </StopButton>
          </>
        ),
      )}
      <span class="space" />
      {note !== undefined && <span>{note}</span>}
      <span>
        {place === "static" ? "Nothing leaves this page" : "Nothing leaves this machine"}
        {version && ` · Fovea ${version}`}
      </span>
    </footer>
  );
}
