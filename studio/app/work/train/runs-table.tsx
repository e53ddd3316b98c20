// The runs of a project side by side: their figures, and the curves of some over one another.
import { useState } from "preact/hooks";
import type { RunSummary, UnfinishedRun } from "../../../contract/facts.js";
import { Curves } from "../../charts/curves.tsx";
import { linkTo } from "../../frame/address.ts";
import { metric } from "../../frame/numbers.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { Comparison } from "./comparison.tsx";
import { NO_CHART, wordsOf } from "./measures.ts";
import { ResumeButton } from "./resume-button.tsx";

interface Props {
  readonly project: string;
  readonly runs: readonly RunSummary[];
  readonly unfinished: readonly UnfinishedRun[];
}

/** Runs whose curves one chart can tell apart. */
const MOST_PINNED = 4;

export function RunsTable({ project, runs, unfinished }: Props) {
  const [pinned, setPinned] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setPinned(pinned.includes(id) ? pinned.filter((other) => other !== id) : [...pinned, id].slice(-MOST_PINNED));
  const shown = runs.filter(({ id }) => pinned.includes(id));
  const [first, second] = shown;
  return (
    <section class="stack">
      <h2>Runs</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Pin</th>
              <th scope="col">Run</th>
              <th scope="col">Network</th>
              <th scope="col" class="number">
                Epochs
              </th>
              <th scope="col" class="number">
                Validation
              </th>
              <th scope="col" class="number">
                Test
              </th>
              <th scope="col" class="number">
                Seed
              </th>
              <th scope="col">Weights</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <EndedRow
                key={run.id}
                {...{ project, run }}
                isPinned={pinned.includes(run.id)}
                onPin={() => toggle(run.id)}
              />
            ))}
            {unfinished.map((run) => (
              <UnfinishedRow key={run.id} {...{ project, run }} />
            ))}
          </tbody>
        </table>
      </div>
      {runs.length > 1 && shown.length < 2 && (
        <p class="muted">Pin two runs to see their curves over one another, and what made the difference.</p>
      )}
      {shown.length > 0 && <PinnedCurves runs={shown} />}
      {shown.length === 2 && <Comparison project={project} first={first!.id} second={second!.id} />}
    </section>
  );
}

interface RowProps {
  readonly project: string;
  readonly run: RunSummary;
  readonly isPinned: boolean;
  readonly onPin: () => void;
}

function EndedRow({ project, run, isPinned, onPin }: RowProps) {
  const { id, name, model, epochs, bestEpoch, metrics, seed, sha256 } = run;
  return (
    <tr>
      <td>
        <input type="checkbox" aria-label={`Pin ${name}`} checked={isPinned} onChange={onPin} />
      </td>
      <td>
        <a href={linkTo(["work", project, "understand"], { run: id })}>
          <bdi>{name}</bdi>
        </a>
      </td>
      <td>{model}</td>
      <td class="number">
        {epochs} <span class="muted">(best {bestEpoch})</span>
      </td>
      <FigureCell metrics={metrics.validation} />
      <FigureCell metrics={metrics.test} />
      <td class="number">{seed}</td>
      <td class="mono">
        <abbr title={sha256}>{sha256.slice(0, 8)}</abbr>
      </td>
    </tr>
  );
}

/** A run that was broken off, with the button that goes on with it. */
function UnfinishedRow({ project, run }: { readonly project: string; readonly run: UnfinishedRun }) {
  const { id, name, model, epochs, ofEpochs, problem } = run;
  return (
    <tr>
      <td />
      <td>
        <bdi>{name}</bdi>
      </td>
      <td>{model}</td>
      <td colSpan={5}>
        {problem === undefined ? (
          <span class="row">
            <span>{epochs === 0 ? "stopped in its first epoch" : `stopped at epoch ${epochs} of ${ofEpochs}`}</span>
            <ResumeButton project={project} run={id} />
          </span>
        ) : (
          <Refusal sentence={problem} />
        )}
      </td>
    </tr>
  );
}

/** Measures of the pinned runs over one another. */
function PinnedCurves({ runs }: { readonly runs: readonly RunSummary[] }) {
  const keys = Object.keys(runs[0]?.history ?? {}).filter((key) => runs.every(({ history }) => key in history));
  const drawn = keys.filter((key) => key.startsWith("val_") && !NO_CHART.test(key.slice(4)));
  return (
    <div class="charts">
      {drawn.map((key) => (
        <Curves
          key={key}
          title={`Validation: ${wordsOf(key.slice(4))}`}
          series={runs.map(({ name, history }, i) => ({ name, values: history[key] ?? [], color: i + 1 }))}
        />
      ))}
    </div>
  );
}

/** Keras's keys of the figures that tell most, the first that a run has is shown. */
const TELLING = ["accuracy", "d2", "f1", "loss"] as const;

/** A figure with its name: runs of one project may predict different things. */
function FigureCell({ metrics = {} }: { readonly metrics: Readonly<Record<string, number>> | undefined }) {
  const key = TELLING.find((known) => metrics[known] !== undefined);
  return (
    <td class="number">
      {metric(key === undefined ? Number.NaN : metrics[key]!)} {key !== undefined && <small>{key}</small>}
    </td>
  );
}
