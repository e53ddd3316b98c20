// Answers of the last runs' models about the image that is looked at; asked when somebody unfolds them.
import { useState } from "preact/hooks";
import type { RunSummary } from "../../../contract/facts.js";
import { linkTo } from "../../frame/address.ts";
import { metric, percent } from "../../frame/numbers.ts";
import { useCall } from "../../ui/use-call.ts";

interface Props {
  readonly project: string;
  readonly index: number;
}

/** Runs that are asked, and guesses of each. */
const ASKED = 3;
const GUESSES = 3;

export function RunAnswers({ project, index }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { value: runs = [] } = useCall("runs", { project });
  if (runs.length === 0) return null;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Answers of the runs</summary>
      {isOpen && (
        <dl class="facts">
          {runs
            .slice(-ASKED)
            .reverse()
            .map((run) => (
              <Answer key={run.id} {...{ project, index, run }} />
            ))}
        </dl>
      )}
    </details>
  );
}

function Answer({ project, index, run }: Props & { readonly run: RunSummary }) {
  const { value: answer, error } = useCall("predict", { project, run: run.id, image: index });
  return (
    <div>
      <dt>
        <a href={linkTo(["work", project, "understand"], { run: run.id })}>
          <bdi>{run.name}</bdi>
        </a>
      </dt>
      <dd>
        {error ?? (answer === undefined && "Asking ...")}
        {answer?.guesses.slice(0, GUESSES).map(({ label, probability }) => (
          <span class="guess" key={label}>
            <bdi>{label}</bdi> {percent(probability)}
          </span>
        ))}
        {answer?.values.map(({ name, value }) => (
          <span class="guess" key={name}>
            <bdi>{name}</bdi> {metric(value)}
          </span>
        ))}
      </dd>
    </div>
  );
}
