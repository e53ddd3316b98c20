// The trial that is picked, whatever chart one looks at: its value, its parameters, why it failed, and the way to a run.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import type { TrialDetails } from "../../../contract/study-facts.js";
import { linkTo } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { valueText } from "./chart-props.ts";
import { pick } from "./selection.ts";
import type { StudyModel } from "./study-model.ts";
import { stateOf } from "./trials.ts";

interface Props {
  readonly project: ProjectFacts;
  readonly model: StudyModel;
  readonly trial: number;
}

export function TrialBar({ project, model, trial }: Props) {
  const { trials } = model;
  const { view } = trials;
  const state = stateOf(trials, trial);
  const { value: details, error } = useCall("trial", { study: view.id, trial }, `${state} ${view.version}`);
  return (
    <aside class="trial-bar" aria-label={`Trial ${trial}`}>
      <header class="row">
        <h2>Trial {trial}</h2>
        <span class="muted">
          {state}
          {view.front.includes(trial) && (view.directions.length > 1 ? ", on the front" : ", the best")}
          {details?.isEnqueued && ", enqueued"}
        </span>
        {view.objectives.map((name, i) => (
          <span key={name}>
            <bdi>{name}</bdi> <strong>{valueText(trials.values[i]![trial])}</strong>
          </span>
        ))}
        <span class="space" />
        {state === "complete" &&
          details !== undefined &&
          (view.hasSpec ? (
            <Promote project={project} study={view.id} details={details} />
          ) : (
            <small>Its study was not begun with a JSON spec, so only its own program can train it again.</small>
          ))}
        <button type="button" class="plain" aria-label="Close the trial" onClick={() => pick(undefined)}>
          ×
        </button>
      </header>
      <Refusal sentence={error} />
      {details?.reason !== undefined && <Refusal sentence={details.reason} />}
      <dl>
        {details?.params.map(({ name, value }) => (
          <div key={name}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              <bdi>{typeof value === "number" ? valueText(value) : String(value)}</bdi>
            </dd>
          </div>
        ))}
        {details?.notes.map(({ label, value }) => (
          <div key={label}>
            <dt>
              <bdi>{label}</bdi>
            </dt>
            <dd class="muted">
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {details?.weights !== undefined && (
        <p class="mono hash">
          <span class="muted">weights_sha256</span> {details.weights}
        </p>
      )}
    </aside>
  );
}

interface PromoteProps {
  readonly project: ProjectFacts;
  readonly study: string;
  readonly details: TrialDetails;
}

/** Trains the trial again as a run that is kept; says when it has the same weights. */
function Promote({ project, study, details: { number, weights } }: PromoteProps) {
  const [asked, setAsked] = useState<string>();
  const [error, setError] = useState<string>();
  const known = useCall("runs", project.kind === "images" ? { project: project.id } : undefined);
  const job = jobs.value.find(({ id }) => id === asked);
  const ended = jobs.value.find(
    ({ kind, state, sha256 }) => kind === "train" && state === "done" && sha256 !== undefined && sha256 === weights,
  );
  const kept = known.value?.find(({ sha256 }) => weights !== undefined && sha256 === weights);
  const promote = async (): Promise<void> => {
    setError(undefined);
    try {
      setAsked((await (await host()).call("promote", { study, trial: number })).id);
    } catch (failure) {
      setError(sentenceOf(failure));
    }
  };
  const sentence = error ?? job?.error;
  if (sentence !== undefined) return <Refusal sentence={sentence} isInline />;
  if (job !== undefined && isAtWork(job)) return <span role="status">Training {job.name} ...</span>;
  const name = job?.name ?? ended?.name ?? kept?.name;
  if (name !== undefined)
    return (
      <span role="status">
        {(job === undefined || job.sha256 === weights) && (
          <span class="muted">The same weights, to the last bit: </span>
        )}
        <a href={linkTo(["work", job?.project ?? ended?.project ?? project.id, "train"])}>
          <bdi>{name}</bdi>
        </a>
      </span>
    );
  return (
    <button type="button" class="primary" onClick={promote}>
      Make it a run
    </button>
  );
}
