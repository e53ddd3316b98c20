// Quick start: classes with examples, one button that trains, and the answers live, on one page. The result is a
// project like any other.
import { useEffect, useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import { address, goTo, keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { know, projects, welcome } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { ClassCard } from "./class-card.tsx";
import { type Examples, useExamples } from "./example-set.ts";
import { PreviewPanel } from "./preview-panel.tsx";
import { TrainPanel } from "./train-panel.tsx";
import "./quick.css";

export function Quick() {
  const { value: sets, error } = useCall("exampleSets", welcome.value === undefined ? undefined : {});
  const { set } = address.value.state;
  const isNew = set === "new";
  const shown = isNew || set === undefined ? sets && (isNew ? nextName(sets) : (sets[0] ?? "quick-1")) : set;
  useEffect(() => {
    if (shown !== undefined && shown !== set) keepState({ set: shown });
  }, [shown, set]);
  if (shown === undefined) return <Opening title="Quick start" error={error} />;
  return <QuickSet set={shown} key={shown} />;
}

/** A name that no set has. */
function nextName(sets: readonly string[]): string {
  const numbers = sets.map((name) => Number(/^quick-(\d+)$/.exec(name)?.[1] ?? 0));
  return `quick-${Math.max(0, ...numbers) + 1}`;
}

function QuickSet({ set }: { readonly set: string }) {
  const examples = useExamples(set);
  const { base, project: trained } = address.value.state;
  const from = useOpened(base);
  const current = examples.value?.project;
  useEffect(() => {
    // A project that was trained before, after a reload of an address that does not say it.
    if (trained === undefined && current !== undefined) keepState({ project: current });
  }, [current]);
  const opened = useOpened(trained);
  useModelClasses(examples, from.project);
  const [refused, setRefused] = useState<string>();
  const openAll = async (): Promise<void> => {
    try {
      const packed = know(await (await host()).call("packExamples", { set }));
      goTo(["work", packed.id, "data"]);
    } catch (failure) {
      setRefused(sentenceOf(failure));
    }
  };
  return (
    <div class="stack quick">
      <header class="row">
        <h1>Quick start</h1>
        <button
          type="button"
          onClick={() => keepState({ set: "new", project: undefined, run: undefined, base: undefined })}
        >
          Start anew
        </button>
        <button type="button" disabled={(examples.value?.classes ?? []).length < 2} onClick={openAll}>
          Open in the workbench
        </button>
        {from.project !== undefined && (
          <span class="muted">
            trains <bdi>{from.project.name}</bdi> further
          </span>
        )}
      </header>
      {[examples.error, from.error, refused].map(
        (sentence) => sentence !== undefined && <Refusal sentence={sentence} key={sentence} />,
      )}
      <div class="panels">
        <Classes examples={examples} />
        <TrainPanel examples={examples} from={from.project?.id} />
        <section class="card panel" aria-labelledby="quick-preview">
          <h2 id="quick-preview">Preview</h2>
          {opened.project === undefined ? (
            <p class="muted">
              {opened.error ?? "Here the trained model answers, live, to your webcam, drawings and files."}
            </p>
          ) : (
            <PreviewPanel
              project={opened.project}
              isOld={examples.value !== undefined && current !== opened.project.id}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function Classes({ examples }: { readonly examples: Examples }) {
  const classes = examples.value?.classes ?? [];
  const names = classes.map(({ id, name }) => ({ id, name }));
  const freeName = (): string => {
    for (let n = classes.length + 1; ; n++) if (!classes.some(({ name }) => name === `Class ${n}`)) return `Class ${n}`;
  };
  return (
    <section aria-labelledby="quick-classes">
      <h2 id="quick-classes">Classes</h2>
      {examples.value === undefined ? (
        <p class="muted">Opening ...</p>
      ) : (
        <>
          <ul class="classes">
            {classes.map((item) => (
              <ClassCard
                key={item.id}
                examples={examples}
                item={item}
                onRename={(name) =>
                  examples.nameClasses(names.map((known) => (known.id === item.id ? { ...known, name } : known)))
                }
                onRemove={
                  classes.length < 2
                    ? undefined
                    : () => examples.nameClasses(names.filter((known) => known.id !== item.id))
                }
              />
            ))}
          </ul>
          <button type="button" onClick={() => examples.nameClasses([...names, { id: "", name: freeName() }])}>
            Add a class
          </button>
        </>
      )}
    </section>
  );
}

/** A project of the address, opened again where it is not open. */
function useOpened(id: string | undefined): { readonly project?: ProjectFacts; readonly error?: string } {
  const [error, setError] = useState<string>();
  const project = projects.value.find((known) => known.id === id);
  const isKnown = project !== undefined;
  useEffect(() => {
    setError(undefined);
    if (id === undefined || isKnown || welcome.value === undefined) return;
    host()
      .then((connection) => connection.call("project", { project: id }))
      .then(know, (failure) => setError(sentenceOf(failure)));
  }, [id, isKnown, welcome.value === undefined]);
  return { ...(project === undefined ? {} : { project }), ...(error === undefined ? {} : { error }) };
}

/** Begins a set without examples with the classes of the model that is trained further. */
function useModelClasses(examples: Examples, model: ProjectFacts | undefined): void {
  const { value } = examples;
  const isUntouched = value?.classes.every(
    ({ name, examples: images }) => /^Class \d+$/.test(name) && images.length === 0,
  );
  useEffect(() => {
    const names = model?.classNames ?? [];
    if (!isUntouched || names.length < 2 || names.length > 100) return;
    examples.nameClasses(names.map((name, at) => ({ id: value?.classes[at]?.id ?? "", name: folderName(name) })));
  }, [isUntouched, model?.id]);
}

/** The name of a class as a folder can have it: classes of models may be called anything. */
const folderName = (name: string): string =>
  name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
    .replace(/[\u0000-\u001f\u007f/\\:*?"<>|]+/g, "-")
    .replace(/^\.+|\.+$/g, "")
    .slice(0, 80) || "class";
