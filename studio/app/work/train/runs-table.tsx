// The runs of a project side by side: their figures, and the curves of some over one another.
import { useState } from "preact/hooks";
import type { RunSummary } from "../../../contract/facts.js";
import { Curves } from "../../charts/curves.tsx";
import { linkTo } from "../../frame/address.ts";
import { metric } from "../../frame/numbers.ts";

interface Props {
  readonly project: string;
  readonly runs: readonly RunSummary[];
}

/** Runs whose curves one chart can tell apart. */
const MOST_PINNED = 4;

export function RunsTable({ project, runs }: Props) {
  const [pinned, setPinned] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setPinned(pinned.includes(id) ? pinned.filter((other) => other !== id) : [...pinned, id].slice(-MOST_PINNED));
  const shown = runs.filter(({ id }) => pinned.includes(id));
  return (
    <section>
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
              <th scope="col">Weights</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ id, name, model, epochs, bestEpoch, metrics, sha256 }) => (
              <tr key={id}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Pin ${name}`}
                    checked={pinned.includes(id)}
                    onChange={() => toggle(id)}
                  />
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
                <td class="mono">{sha256.slice(0, 8)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length > 0 && (
        <Curves
          title="Validation loss of the pinned runs"
          series={shown.map(({ name, history }, i) => ({ name, values: history.val_loss ?? [], color: i + 1 }))}
        />
      )}
    </section>
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
