// Train: what to predict and how, the run that comes of it, live, and the runs before.
import { computed } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { TrainChoices } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { address, keepState } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { isAtWork, jobs, projects } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { useDraft } from "../../ui/use-draft.ts";
import type { ViewProps } from "../work.tsx";
import { LiveRun } from "./live-run.tsx";
import { RunsTable } from "./runs-table.tsx";
import { FIRST } from "./settings.ts";
import { SettingsForm } from "./settings-form.tsx";
import { settingsFor } from "./target-fields.tsx";
import "./train.css";

export function Train({ project }: ViewProps) {
  const { base } = address.value.state;
  const [settings, setSettings] = useDraft<TrainSettings>(
    `train ${project.id} ${base}`,
    base === undefined ? FIRST : { ...FIRST, model: "model", from: base, batchSize: 16 },
  );
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<string>();
  const { latest, ended, count } = useTrainings(project.id);
  const { value: choices, error: unknown } = useCall("choices", { project: project.id });
  const first = choices?.targets[0]?.column;
  useEffect(() => {
    // A manifest's first column, until somebody chooses another.
    if (first !== undefined && settings.target === undefined)
      setSettings({ ...settings, ...settingsFor(choices?.targets ?? [], first) });
  }, [first]);
  const code = useCall("code", { project: project.id, settings });
  useCode(code.value ?? code.previous);
  const { value: runs = [] } = useCall("runs", { project: project.id }, ended);
  // A run that goes on again leaves the list of those that were broken off.
  const changes = `${ended} of ${count}`;
  const { value: unfinished = [] } = useCall("unfinished", { project: project.id }, changes);
  const start = async (): Promise<void> => {
    setStarting(true);
    setError(undefined);
    try {
      await (await host()).call("train", { project: project.id, settings });
      // The new run is what other views show next.
      keepState({ run: undefined });
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setStarting(false);
    }
  };
  return (
    <div class="train">
      <section>
        <h1>Train</h1>
        {choices === undefined ? (
          unknown === undefined ? (
            <p class="muted">Opening ...</p>
          ) : (
            <Refusal sentence={unknown} />
          )
        ) : (
          <SettingsForm
            {...{ project, choices: withOpened(choices, settings), settings, isStarting }}
            onChange={(changes) => setSettings({ ...settings, ...changes })}
            onStart={start}
          />
        )}
        <Refusal sentence={error} />
      </section>
      <section class="stack">
        {latest === undefined ? (
          <p class="quiet">
            Here the loss and the accuracy are drawn while the network learns, on the images that train it and on those
            held out to validate it.
          </p>
        ) : (
          <LiveRun id={latest} unfinished={unfinished} key={latest} />
        )}
        {runs.length + unfinished.length > 0 && <RunsTable project={project.id} {...{ runs, unfinished }} />}
      </section>
    </div>
  );
}

/**
 * The trainings of a project: the latest one's id, how many have ended, how many there are. The view is drawn again when these
 * change, not with each piece of news: the card of a run is drawn by itself.
 */
function useTrainings(project: string): { readonly latest?: string; readonly ended: number; readonly count: number } {
  const facts = useMemo(
    () =>
      computed(() => {
        const mine = jobs.value.filter((job) => job.project === project && job.kind === "train");
        const ended = mine.filter((job) => !isAtWork(job)).length;
        return JSON.stringify({ latest: mine.at(-1)?.id, ended, count: mine.length });
      }),
    [project],
  );
  return JSON.parse(facts.value);
}

/** The choices with the opened model that is trained further, where there is one. */
function withOpened(choices: TrainChoices, { from }: TrainSettings): TrainChoices {
  const opened = projects.value.find(({ id }) => id === from);
  if (opened === undefined) return choices;
  const model = { name: "model", title: `${opened.name}, with a new deciding layer.`, isBase: true };
  return { ...choices, networks: [model, ...choices.networks] };
}
