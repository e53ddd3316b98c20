// Tune: studies of a project, begun and watched; one of them from inside where the address names it.
import { useEffect, useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import type { TuneSettings } from "../../../contract/study-calls.js";
import type { StudyList as Listed } from "../../../contract/study-facts.js";
import { address, goTo } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { jobs } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";
import { useCall } from "../../ui/use-call.ts";
import { useDraft } from "../../ui/use-draft.ts";
import type { ViewProps } from "../work.tsx";
import { NewStudy } from "./new-study.tsx";
import { OpenStorage } from "./open-storage.tsx";
import { firstSettings } from "./settings.ts";
import { Study } from "./study.tsx";
import { StudyList } from "./study-list.tsx";
import "./tune.css";

export function Tune({ project }: ViewProps) {
  const { study } = address.value.state;
  const [opened, setOpened] = useState(0);
  const ended = jobs.value.filter(({ kind }) => kind === "tune").map(({ id, state, done }) => `${id} ${state} ${done}`);
  const list = useCall("studies", study === undefined ? { project: project.id } : undefined, `${ended} ${opened}`);
  const [only] = list.value?.studies ?? [];
  const isStudy = project.kind === "study";
  if (study !== undefined) return <Study project={project} study={study} key={study} />;
  if (isStudy && only !== undefined && list.value?.studies.length === 1)
    return <Study project={project} study={only.id} key={only.id} />;
  if (list.value === undefined) return <Opening title="Tune" error={list.error} />;
  const { studies, problems } = list.value;
  return (
    <div class={isStudy ? "stack" : "tune"}>
      {!isStudy && <Begin project={project} listed={list.value} />}
      <section class="stack">
        {problems.map((problem) => (
          <Refusal key={problem} sentence={problem} />
        ))}
        {studies.length === 0 ? <Empty /> : <StudyList project={project} studies={studies} />}
        {!isStudy && <OpenStorage onOpened={() => setOpened(opened + 1)} />}
      </section>
    </div>
  );
}

const Empty = () => (
  <div class="quiet">
    <p>
      A study trains a network again and again, each time with other settings, and keeps what came of each. Here its
      trials stand side by side: how the best grew, which settings matter and how sure that is, where good values lie.
    </p>
    <p>Any trial can be made a run, with the same weights to the last bit.</p>
  </div>
);

function Begin({ project, listed }: { readonly project: ProjectFacts; readonly listed: Listed }) {
  const [settings, setSettings] = useDraft<TuneSettings | undefined>(`tune ${project.id}`, undefined);
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<string>();
  const { value: choices, error: unknown } = useCall("choices", { project: project.id });
  useEffect(() => {
    if (choices === undefined) return;
    const study = freeName(project.name, listed);
    if (settings !== undefined) {
      // The study that was begun with this form has its name now.
      if (listed.studies.some(({ name }) => name === settings.study)) setSettings({ ...settings, study });
      return;
    }
    const [target] = choices.targets;
    const isClass = target === undefined || TASK_VIEWS[target.task].hasOneClass;
    const first = firstSettings(study, isClass ? "accuracy" : "loss");
    setSettings(target === undefined ? first : { ...first, target: [target.column] });
  }, [choices]);
  const code = useCall("tuneCode", settings && { project: project.id, settings });
  useCode(code.value ?? code.previous);
  const start = async (): Promise<void> => {
    if (settings === undefined) return;
    setStarting(true);
    setError(undefined);
    try {
      const { study } = await (await host()).call("tune", { project: project.id, settings });
      if (study !== undefined) goTo(["work", project.id, "tune"], { study });
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setStarting(false);
    }
  };
  return (
    <section>
      <h1>Tune</h1>
      {choices === undefined || settings === undefined ? (
        unknown === undefined ? (
          <p class="muted">Opening ...</p>
        ) : (
          <Refusal sentence={unknown} />
        )
      ) : (
        <NewStudy
          {...{ choices, settings, isStarting }}
          onChange={(changes) => setSettings({ ...settings, ...changes })}
          onStart={start}
        />
      )}
      <Refusal sentence={error} />
    </section>
  );
}

/** A name that no listed study has. */
function freeName(base: string, { studies }: Listed): string {
  const taken = new Set(studies.map(({ name }) => name));
  let number = 1;
  while (taken.has(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}
