// The runs of a project side by side: their figures, their curves over one another, what their recipes differ in.
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
                <td class="number">{metric(figureOf(metrics.validation))}</td>
                <td class="number">{metric(figureOf(metrics.test))}</td>
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

const figureOf = (metrics: Readonly<Record<string, number>> | undefined): number =>
  metrics?.accuracy ?? metrics?.d2 ?? metrics?.f1 ?? metrics?.loss ?? Number.NaN;
