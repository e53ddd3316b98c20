// Numbers of a run's model to sort by: asked for when somebody sorts by them, with how far that is.
import { useEffect, useState } from "preact/hooks";
import { type ImageOrder, SCORES } from "../../../contract/data-facts.js";
import type { JobFacts } from "../../../contract/facts.js";
import { whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork, jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";

export interface AskedScores {
  /** Grows when the model has been asked. */
  readonly version: number;
  /** The job that asks it, or asked it last. */
  readonly job: JobFacts | undefined;
  readonly error: string | undefined;
}

/** @param order asks for nothing unless it is one that a run's model makes */
export function useScores(project: string, { by, run }: ImageOrder): AskedScores {
  const [error, setError] = useState<string>();
  const asked = SCORES.some((score) => score === by) ? run : undefined;
  useEffect(() => {
    setError(undefined);
    if (asked === undefined) return;
    host()
      .then((connection) => connection.call("startScores", { project, run: asked }))
      .catch((failure) => setError(sentenceOf(failure)));
  }, [project, asked]);
  const all = jobs.value.filter((job) => job.kind === "score" && job.project === project && job.name === asked);
  const job = all.at(-1);
  return { version: all.filter(({ state }) => state === "done").length, job, error: error ?? job?.error };
}

export function ScoreState({ job, error }: AskedScores) {
  return (
    <>
      {job !== undefined && isAtWork(job) && (
        <p class="row muted" role="status">
          <span>
            Asking <bdi>{job.name}</bdi> about all images: {whole(job.done)} of {whole(job.total)} ...
          </span>
          <StopButton job={job} />
        </p>
      )}
      {job?.state === "stopped" && <p class="muted">Stopped: the images are in the order of their source.</p>}
      <Refusal sentence={error} />
    </>
  );
}
