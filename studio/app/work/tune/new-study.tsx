// The form of a study: what is searched, what counts as good, how many trials; what is seldom changed is folded away.
import type { TrainChoices } from "../../../contract/facts.js";
import { OBJECTIVES, PRUNERS, SAMPLERS, type TuneSettings } from "../../../contract/study-calls.js";
import { ChoiceField, Field, NumberField } from "../../ui/field.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";
import { StepFields } from "../train/step-fields.tsx";
import { OBJECTIVE_TITLES, PRUNER_TITLES, SAMPLER_TITLES, WHOLE_NETWORKS } from "./settings.ts";
import { SpaceFields } from "./space-fields.tsx";

interface Props {
  readonly choices: TrainChoices;
  readonly settings: TuneSettings;
  readonly isStarting: boolean;
  readonly onChange: (changes: Partial<TuneSettings>) => void;
  readonly onStart: () => void;
}

const NETWORKS = [
  ["parts", "A small network, put together", "Convolutions, pooling and a hidden layer; their sizes are searched."],
  ["whole", "Which network", "Whole networks against one another, each with its learning rate."],
] as const;

export function NewStudy({ choices, settings, isStarting, onChange, onStart }: Props) {
  const { targets } = choices;
  const target = targets.find(({ column }) => column === settings.target?.[0]) ?? targets[0];
  const isClass = target === undefined || TASK_VIEWS[target.task].hasOneClass;
  const goals = OBJECTIVES.filter((name) => isClass || !name.startsWith("accuracy"));
  return (
    <form
      class="stack new-study"
      onSubmit={(event) => {
        event.preventDefault();
        onStart();
      }}
    >
      {targets.length > 0 && (
        <ChoiceField
          label="To predict"
          value={target?.column ?? ""}
          options={targets.map(({ column }) => [column, column])}
          onChange={(column) => {
            const task = targets.find((known) => known.column === column)?.task;
            const isOfClasses = task !== undefined && TASK_VIEWS[task].hasOneClass;
            onChange({ target: [column], objective: isOfClasses ? "accuracy" : "loss" });
          }}
        />
      )}
      <fieldset>
        <legend>Search space</legend>
        <div class="choices">
          {NETWORKS.map(([name, title, sentence]) => (
            <label key={name} class="choice">
              <input
                type="radio"
                name="network"
                checked={settings.network === name}
                onChange={() => onChange({ network: name })}
              />
              <span>
                <strong>{title}</strong>
                <small>{sentence}</small>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {settings.network === "whole" && <WholeNetworks {...{ choices, settings, onChange }} />}
      <SpaceFields {...{ settings, onChange }} />
      <ChoiceField
        label="Goal"
        value={settings.objective}
        options={goals.map((name) => [name, OBJECTIVE_TITLES[name]])}
        onChange={(objective) => onChange({ objective: objective })}
      />
      <NumberField
        label="Trials"
        help="Networks that are trained, each with other settings."
        value={settings.trials}
        min={1}
        max={100_000}
        onChange={(trials) => onChange({ trials })}
      />
      <NumberField
        label="Epochs"
        help="Of each trial, at most; its value is that of its best epoch."
        value={settings.epochs}
        min={1}
        max={10_000}
        onChange={(epochs) => onChange({ epochs })}
      />
      <MoreSettings {...{ settings, onChange }} />
      <button type="submit" class="primary" disabled={isStarting}>
        Start the study
      </button>
    </form>
  );
}

type PartProps = Pick<Props, "settings" | "onChange">;

function WholeNetworks({ choices, settings, onChange }: PartProps & Pick<Props, "choices">) {
  const { networks } = settings;
  const known = choices.networks.filter(({ isBase, name }) => !isBase && WHOLE_NETWORKS.includes(name));
  return (
    <fieldset class="space">
      <legend>Networks</legend>
      {known.map(({ name, title }) => (
        <label key={name} class="space-row">
          <span>
            <input
              type="checkbox"
              checked={networks.includes(name)}
              disabled={networks.length === 1 && networks.includes(name)}
              onChange={({ currentTarget }) =>
                onChange({
                  networks: currentTarget.checked ? [...networks, name] : networks.filter((other) => other !== name),
                })
              }
            />{" "}
            {title}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function MoreSettings({ settings, onChange }: PartProps) {
  return (
    <details>
      <summary>More settings</summary>
      <div class="stack more">
        <Field label="Name of the study" help="A study with this name continues if it has the same settings.">
          {(id) => (
            <input
              id={id}
              type="text"
              required
              maxLength={100}
              value={settings.study}
              onChange={({ currentTarget }) => onChange({ study: currentTarget.value.trim() || settings.study })}
            />
          )}
        </Field>
        <ChoiceField
          label="Sampler"
          help={SAMPLER_TITLES[settings.sampler][1]}
          value={settings.sampler}
          options={SAMPLERS.map((name) => [name, SAMPLER_TITLES[name][0]])}
          onChange={(sampler) => onChange({ sampler: sampler })}
        />
        <ChoiceField
          label="Pruner"
          help={PRUNER_TITLES[settings.pruner][1]}
          value={settings.pruner}
          options={PRUNERS.map((name) => [name, PRUNER_TITLES[name][0]])}
          onChange={(pruner) => onChange({ pruner: pruner })}
        />
        <NumberField
          label="Trials at once"
          help="They share the machine's threads. The same number gives the same trials."
          value={settings.parallel}
          min={1}
          max={64}
          onChange={(parallel) => onChange({ parallel })}
        />
        <StepFields {...{ settings, onChange }} what="trial" />
        <Field
          label="Storage"
          help="Empty: a journal in studies/, beside the runs. Else journal://FILE, sqlite:///FILE, postgresql://... or memory://"
        >
          {(id) => (
            <input
              id={id}
              type="text"
              spellcheck={false}
              value={settings.storage ?? ""}
              onChange={({ currentTarget }) => onChange({ storage: currentTarget.value.trim() || undefined })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
