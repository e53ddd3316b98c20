// The head of a study: what it is, how far it is, its best, and what can be done with it.
import { useState } from "preact/hooks";
import type { JobFacts, ProjectFacts } from "../../../contract/facts.js";
import { linkTo } from "../../frame/address.ts";
import { duration, whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork, jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Outcome, type Said } from "../../ui/outcome.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { valueText } from "./chart-props.ts";
import { pick } from "./selection.ts";
import type { Trials } from "./trials.ts";

interface Props {
  readonly project: ProjectFacts;
  readonly trials: Trials;
}

export function StudyHead({ project, trials }: Props) {
  const { view } = trials;
  const { counts, front, objectives } = view;
  const seconds = trials.starts.reduce((sum, start, number) => {
    const time = (trials.ends[number]! - start) / 1000;
    return Number.isNaN(time) ? sum : sum + time;
  }, 0);
  const [best] = front;
  const states = (["complete", "pruned", "fail", "running", "waiting"] as const).filter((state) => counts[state] > 0);
  return (
    <>
      <header class="row study-head">
        <a href={linkTo(["work", project.id, "tune"])}>
          <span aria-hidden="true">‹ </span>Studies
        </a>
        <h1>
          <bdi>{view.name}</bdi>
        </h1>
        <span class="space" />
        <StudyActions project={project} trials={trials} />
      </header>
      <dl class="figures">
        {view.directions.length === 1 ? (
          <div>
            <dt>
              Best <bdi>{objectives[0]}</bdi>
            </dt>
            <dd class="figure">
              {valueText(view.best)}{" "}
              {best !== undefined && (
                <button type="button" class="plain small" onClick={() => pick(best)}>
                  trial {best}
                </button>
              )}
            </dd>
          </div>
        ) : (
          <div>
            <dt>On the Pareto front</dt>
            <dd class="figure">{whole(front.length)}</dd>
          </div>
        )}
        <div>
          <dt>Trials</dt>
          <dd class="figure">
            {whole(view.total)}{" "}
            <small>
              {states.map((state) => `${whole(counts[state])} ${state === "fail" ? "failed" : state}`).join(", ")}
            </small>
          </dd>
        </div>
        <div>
          <dt>Time in trials</dt>
          <dd class="figure">{duration(seconds)}</dd>
        </div>
      </dl>
      <details class="facts">
        <summary>About this study</summary>
        <dl>
          {view.rows.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

/** Stop, go on, and the report as a page of its own. */
function StudyActions({ project, trials: { view } }: Props) {
  const [more, setMore] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said>();
  const job = jobs.value.find(({ study, ...facts }) => study === view.id && isAtWork(facts));
  const failed = jobs.value.findLast(({ study }) => study === view.id);
  const wanted = more ?? Math.max(view.total, view.wanted ?? 0) + 10;
  const act = async (work: () => Promise<string | undefined>): Promise<void> => {
    setBusy(true);
    setSaid(undefined);
    try {
      const sentence = await work();
      setSaid(sentence === undefined ? undefined : { sentence, isError: false });
    } catch (failure) {
      setSaid({ sentence: sentenceOf(failure), isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="row">
      {job === undefined && <Refusal sentence={failed?.error} isInline />}
      <Outcome said={said} />
      {job !== undefined ? (
        <>
          <span class="muted" role="status">
            {progressOf(job)}
          </span>
          <StopButton job={job} disabled={job.state === "evaluating"} />
        </>
      ) : (
        view.hasSpec && (
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              act(async () => {
                await (await host()).call("tuneOn", { project: project.id, study: view.id, trials: wanted });
                return undefined;
              });
            }}
          >
            <label class="inline">
              Go on to
              <input
                type="number"
                min={view.total}
                max={100_000}
                value={wanted}
                onChange={({ currentTarget }) => setMore(currentTarget.valueAsNumber || undefined)}
              />
            </label>
            <button type="submit" disabled={busy}>
              Go on
            </button>
          </form>
        )
      )}
      <button
        type="button"
        disabled={busy}
        onClick={() => act(async () => `saved as ${await (await host()).save("study", { study: view.id })}`)}
      >
        Save the report
      </button>
    </div>
  );
}

function progressOf({ state, done, total }: JobFacts): string {
  if (state === "waiting") return "Waiting for its turn";
  if (state === "loading") return "Loading the images";
  return `${done} of ${total} trials${state === "evaluating" ? ", stops after those under way" : ""}`;
}
