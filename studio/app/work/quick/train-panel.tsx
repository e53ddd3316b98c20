// A button that trains, and its progress. Settings that a newcomer can leave alone are folded away.
import { useState } from "preact/hooks";
import type { JobFacts } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { duration, percent } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { StopButton } from "../../frame/stop-button.tsx";
import { isAtWork, jobs, know, projects } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { ChoiceField, NumberField } from "../../ui/field.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { useDraft } from "../../ui/use-draft.ts";
import { ADVICE } from "../train/settings.ts";
import { quickSettings } from "./base.ts";
import type { Examples } from "./example-set.ts";

/** Bases that somebody may choose; others are in the full workbench. */
const BASES = ["photos", "hanzi", "mobilenet_v2", "cnn"];

interface Props {
  readonly examples: Examples;
  /** The project of the opened model that is trained further. */
  readonly from: string | undefined;
}

interface Wish {
  readonly epochs: number;
  /** Undefined for the base that suits the examples. */
  readonly base: string | undefined;
}

export function TrainPanel({ examples, from }: Props) {
  const [{ epochs, base }, setWish] = useDraft<Wish>(`quick ${examples.set}`, { epochs: 30, base: undefined });
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<string>();
  const { project } = address.value.state;
  const job = jobs.value.filter((known) => known.project === project && known.kind === "train").at(-1);
  const classes = examples.value?.classes ?? [];
  const train = async (): Promise<void> => {
    setStarting(true);
    setError(undefined);
    try {
      const connection = await host();
      const packed = know(await connection.call("packExamples", { set: examples.set }));
      const { networks } = await connection.call("choices", { project: packed.id });
      const settings = quickSettings({ classes, networks, from, base, epochs });
      keepState({ project: packed.id, run: undefined });
      await connection.call("train", { project: packed.id, settings });
      await examples.refresh();
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setStarting(false);
    }
  };
  const isBusy = isStarting || (job !== undefined && isAtWork(job));
  const lacking = lack(classes);
  const opened = projects.value.find(({ id }) => id === from)?.name;
  return (
    <section class="card panel" aria-labelledby="quick-train">
      <h2 id="quick-train">Train</h2>
      <button type="button" class="primary" disabled={isBusy || lacking !== undefined} onClick={train}>
        {isBusy ? "Training ..." : "Train"}
      </button>
      {lacking !== undefined && <p class="muted">{lacking}</p>}
      <Refusal sentence={error} />
      {job !== undefined && <Progress job={job} />}
      <details>
        <summary>More settings</summary>
        <div class="stack more">
          <NumberField
            label="Epochs"
            help="Times that every example is seen, at most."
            value={epochs}
            min={1}
            max={1000}
            onChange={(wanted) => setWish({ epochs: wanted, base })}
          />
          <ChoiceField
            label="Stands on"
            help="Drawings use the base for handwriting, photos the base for photos of this package."
            value={base ?? ""}
            options={[
              ["", opened === undefined ? "What suits the examples" : `The model ${opened}`],
              ...BASES.map((name) => [name, ADVICE[name]?.[0] ?? name] as const),
            ]}
            onChange={(wanted) => setWish({ epochs, base: wanted || undefined })}
          />
        </div>
      </details>
    </section>
  );
}

/** A sentence about what is missing before training. */
function lack(
  classes: readonly { readonly name: string; readonly examples: readonly unknown[] }[],
): string | undefined {
  if (classes.length < 2) return "Add a second class.";
  const few = classes.find(({ examples }) => examples.length < FEWEST);
  return few === undefined
    ? undefined
    : `Give each class at least ${FEWEST} examples; ${few.name} has ${few.examples.length}.`;
}

/** Examples of a class below which none is left to judge by. */
const FEWEST = 3;

const STATES: Readonly<Record<JobFacts["state"], string>> = {
  waiting: "Waiting for its turn",
  loading: "Looking at the examples",
  training: "Training",
  evaluating: "Judging",
  done: "Trained",
  stopped: "Stopped; the best so far is kept",
  failed: "Failed",
};

function Progress({ job }: { readonly job: JobFacts }) {
  const { name, state, epoch, epochs, secondsLeft, history, error } = job;
  const accuracy = (history.val_accuracy ?? history.val_binary_accuracy)?.at(-1);
  return (
    <div class="stack">
      <p role="status">
        {STATES[state]}
        {state === "training" && `, epoch ${epoch} of ${epochs}`}
      </p>
      {isAtWork(job) && (
        <div class="row">
          <progress max={epochs} value={epoch} aria-label={name} />
          {secondsLeft !== undefined && <small>{duration(secondsLeft)} left</small>}
          <StopButton job={job} />
        </div>
      )}
      {accuracy !== undefined && (
        <p>
          <span class="figure">{percent(accuracy)}</span>{" "}
          <small>right of the examples that were held out; they are few, so try it with new ones</small>
        </p>
      )}
      <Refusal sentence={error} />
    </div>
  );
}
