// Networks and bases as cards: what each is for, its size for these images, and how long an epoch takes here, measured on demand.
import { useState } from "preact/hooks";
import type { NetworkChoice, NetworkCost } from "../../../contract/facts.js";
import type { TrainSettings } from "../../../contract/training-calls.js";
import { duration, whole } from "../../frame/numbers.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";
import { Refusal } from "../../ui/refusal.tsx";
import { useCall } from "../../ui/use-call.ts";
import { ADVICE, lookOnly } from "./settings.ts";

interface Props {
  readonly project: string;
  readonly networks: readonly NetworkChoice[];
  readonly settings: TrainSettings;
  readonly onChange: (changes: Partial<TrainSettings>) => void;
}

export function NetworkCards({ project, networks, settings, onChange }: Props) {
  const sizes = useCall("sizes", { project, settings: lookOnly(settings) });
  const [measured, setMeasured] = useState<Readonly<Record<string, NetworkCost>>>({});
  const [isMeasuring, setMeasuring] = useState(false);
  const [error, setError] = useState<string>();
  const costs = sizes.value ?? sizes.previous ?? {};
  const key = (name: string): string => `${name} ${settings.batchSize} ${JSON.stringify(lookOnly(settings))}`;
  const measure = async (): Promise<void> => {
    setMeasuring(true);
    setError(undefined);
    try {
      const cost = await (await host()).call("measure", { project, settings });
      setMeasured((before) => ({ ...before, [key(settings.model)]: cost }));
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setMeasuring(false);
    }
  };
  const chosen = networks.find(({ name }) => name === settings.model);
  return (
    <fieldset>
      <legend>Network</legend>
      <div class="choices">
        {advised(networks).map(({ name, title, missing }) => (
          <label key={name} class="choice">
            <input
              type="radio"
              name="model"
              checked={settings.model === name}
              disabled={missing !== undefined}
              onChange={() => onChange({ model: name })}
            />
            <span>
              <strong>{ADVICE[name]?.[0] ?? name}</strong>
              <small>{missing ?? ADVICE[name]?.[1] ?? title}</small>
              <small class="figures">{costWords(measured[key(name)] ?? costs[name])}</small>
            </span>
          </label>
        ))}
      </div>
      {chosen?.isBase === false && (
        <button type="button" class="plain measure" disabled={isMeasuring} onClick={measure}>
          {isMeasuring ? "Measuring two steps ..." : "Measure how long an epoch takes here"}
        </button>
      )}
      <Refusal sentence={error} />
    </fieldset>
  );
}

function costWords(cost: NetworkCost | undefined): string {
  if (cost === undefined) return "";
  const { parameters, epochSeconds } = cost;
  const time =
    epochSeconds === undefined ? "" : `, about ${epochSeconds < 1 ? "1 s" : duration(epochSeconds)} an epoch`;
  return `${whole(parameters)} parameters${time}`;
}

/** Those that there is advice about first, then the others that can be used. */
function advised(networks: readonly NetworkChoice[]): readonly NetworkChoice[] {
  const known = networks.filter(({ name }) => name in ADVICE);
  return [...known, ...networks.filter(({ name, missing }) => !(name in ADVICE) && missing === undefined)];
}
