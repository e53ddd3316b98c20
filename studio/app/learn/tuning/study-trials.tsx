// A real study's trials in the same plane: two of its parameters, the number of different values of each, the best so far.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { FileButton } from "../../ui/file-button.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { ask, useEngine } from "../engine.ts";
import { bestOf } from "./best.ts";
import { Scatter } from "./scatter.tsx";
import { StudyHistory } from "./study-history.tsx";
import type { GivenStudy } from "./study-job.ts";

/** Counts the journals that were chosen. */
const stamp = signal(0);

/** Names in the address: of the study, and of the parameters along the axes. */
const NAMES = { study: "study", across: "across", up: "up" } as const;

export function StudyTrials() {
  const { state } = address.value;
  const name = state[NAMES.study];
  const { output, error } = useEngine("givenStudy", { stamp: stamp.value, ...(name === undefined ? {} : { name }) });
  const [refused, setRefused] = useState<string>();
  const take = async (file: File): Promise<void> => {
    try {
      const names = await ask("keepStudy", { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
      setRefused(undefined);
      stamp.value++;
      keepState({ study: names.at(-1), across: undefined, up: undefined });
    } catch (failure) {
      setRefused(sentenceOf(failure));
    }
  };
  return (
    <section class="stack study-trials" aria-label="A real study">
      <h2>A real study</h2>
      <p class="muted">
        The journal of a study, such as studies/NAME/study.log of <code>fovea tune run</code> or one of Optuna's: its
        trials in the same plane. It stays on this machine.
      </p>
      <div class="row">
        <FileButton title="Choose a journal ..." accept=".log,.journal" onFile={take} />
        {output && output.names.length > 1 && (
          <Select name={NAMES.study} label="Study" choices={output.names} value={output.name} />
        )}
      </div>
      <Refusal sentence={refused ?? error} />
      {output && <Trials study={output} />}
    </section>
  );
}

function Trials({ study }: { readonly study: GivenStudy }) {
  const { state } = address.value;
  const names = study.parameters.map(({ name }) => name);
  const [first, second = first] = names;
  if (first === undefined || second === undefined || study.trials.length === 0)
    return <p>This study has no complete trial yet.</p>;
  const x = names.find((name) => name === state[NAMES.across]) ?? first;
  const y = names.find((name) => name === state[NAMES.up]) ?? second;
  const trials = study.trials.filter(({ places }) => x in places && y in places);
  const points = trials.map(({ places }) => ({ x: places[x]!, y: places[y]! }));
  const best = bestOf(trials, study.direction);
  const distinct = (name: string): number => new Set(trials.map(({ places }) => places[name])).size;
  const label = `${study.name}: ${trials.length} trials, ${distinct(x)} different values of ${x}, ${distinct(y)} of ${y}`;
  return (
    <div class="searches">
      <div class="stack">
        <Scatter
          label={label}
          kind="rival"
          points={points}
          best={best === undefined ? undefined : points[trials.indexOf(best)]}
          xName={x}
          yName={y}
        />
        <div class="row">
          <Select name={NAMES.across} label="Across" choices={names} value={x} />
          <Select name={NAMES.up} label="Up" choices={names} value={y} />
        </div>
      </div>
      <div class="stack">
        {study.objectives > 1 && <p class="muted">Of its {study.objectives} objectives this is the first.</p>}
        <StudyHistory trials={study.trials} direction={study.direction} />
        <div class="formula" id="study-facts">
          {[...new Set([x, y])].map((name) => (
            <div class="fact" key={name}>
              <bdi class="muted">{name}</bdi>{" "}
              <span>
                {distinct(name)} different of {trials.length}:{" "}
                {study.parameters.find((each) => each.name === name)?.text}
              </span>
            </div>
          ))}
          {best && (
            <div class="fact">
              <span class="muted">best of these, trial {best.number}</span>{" "}
              <span>
                {best.value.toPrecision(4)} at <bdi>{best.texts[x]}</bdi>, <bdi>{best.texts[y]}</bdi>
              </span>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

interface SelectProps {
  readonly name: string;
  readonly label: string;
  readonly choices: readonly string[];
  readonly value: string;
}

function Select({ name, label, choices, value }: SelectProps) {
  return (
    <label>
      {label}{" "}
      <select value={value} onChange={({ currentTarget }) => keepState({ [name]: currentTarget.value })}>
        {choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    </label>
  );
}
