// Images with several labels: a row for each label, and the images with what was said rightly, missed and said falsely.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import type { Labelled as Facts, LabelledImage, LabelRow } from "../../../contract/understand-facts.js";
import { address, keepState } from "../../frame/address.ts";
import { metric, percent, whole } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { Neighbours } from "./neighbours.tsx";
import { Why } from "./why.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly run: string;
  readonly labelled: Facts;
}

/** Images that are drawn at once. */
const SHOWN = 48;

export function Labelled({ project, run, labelled }: Props) {
  const { labelNames, labels, exact, images } = labelled;
  const shown = labelNames.findIndex((_, label) => address.value.state.label === String(label));
  const isAbout = ({ right, missed, falsely }: LabelledImage): boolean =>
    shown < 0 ? missed.length + falsely.length > 0 : [...right, ...missed, ...falsely].includes(shown);
  const found = images.filter(isAbout);
  const [selected, setSelected] = useState<number>();
  return (
    <>
      <dl class="figures">
        <div>
          <dt>Every label right</dt>
          <dd class="figure">
            {percent(exact.share)}{" "}
            <small>
              {percent(exact.low)} to {percent(exact.high)}
            </small>
          </dd>
        </div>
        <div>
          <dt>Images with a wrong label</dt>
          <dd class="figure">
            {whole(images.filter(({ missed, falsely }) => missed.length + falsely.length > 0).length)}{" "}
            <small>of {whole(images.length)}</small>
          </dd>
        </div>
      </dl>
      <div class="understand">
        <LabelTable rows={labels} names={labelNames} shown={shown} />
        <section class="panel" aria-label="Images behind the figure">
          <header class="row">
            <h2>
              {shown < 0 ? "Wrong labels, the worst first" : <bdi>{labelNames[shown]}</bdi>}{" "}
              <small>{whole(found.length)}</small>
            </h2>
            {shown >= 0 && (
              <button type="button" class="plain" onClick={() => keepState({ label: undefined })}>
                All mistakes
              </button>
            )}
          </header>
          <ul class="thumbs labelled">
            {found.slice(0, SHOWN).map((image) => (
              <li key={image.file}>
                <button
                  type="button"
                  aria-pressed={image.index !== undefined && image.index === selected}
                  disabled={image.index === undefined}
                  onClick={() => setSelected(image.index)}
                >
                  {image.index !== undefined && <Photo project={project.id} index={image.index} alt={image.file} />}
                  <Words image={image} names={labelNames} />
                </button>
              </li>
            ))}
          </ul>
          {selected !== undefined && (
            <>
              <Why project={project.id} run={run} image={selected} />
              <Neighbours project={project.id} run={run} image={selected} />
            </>
          )}
        </section>
      </div>
    </>
  );
}

/** Labels of an image in words, so that no colour alone tells what is wrong. */
function Words({ image, names }: { readonly image: LabelledImage; readonly names: readonly string[] }) {
  const groups = [
    ["right", image.right],
    ["missed", image.missed],
    ["added", image.falsely],
  ] as const;
  return (
    <span class="words">
      {groups.flatMap(([what, labels]) =>
        labels.map((label) => (
          <span key={`${what} ${label}`} data-what={what}>
            <small>{what}</small> <bdi>{names[label]}</bdi>
          </span>
        )),
      )}
    </span>
  );
}

interface TableProps {
  readonly rows: readonly LabelRow[];
  readonly names: readonly string[];
  readonly shown: number;
}

const COLUMNS = ["precision", "recall", "f1", "auc", "threshold"] as const;
const TITLES = { precision: "Precision", recall: "Recall", f1: "F1", auc: "AUC", threshold: "Threshold" } as const;

function LabelTable({ rows, names, shown }: TableProps) {
  const sorted = [...rows].sort((a, b) => a.f1 - b.f1 || a.label - b.label);
  return (
    <section class="class-table">
      <h2>Labels, the worst first</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" aria-label="Labels with their figures" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Label</th>
              {COLUMNS.map((column) => (
                <th scope="col" class="number" key={column}>
                  {TITLES[column]}
                </th>
              ))}
              <th scope="col" class="number">
                Images
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={row.label} data-chosen={row.label === shown}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={row.label === shown}
                    onClick={() => keepState({ label: String(row.label) })}
                  >
                    <bdi>{names[row.label]}</bdi>
                  </button>
                </th>
                {COLUMNS.map((column) => (
                  <td class="number" key={column}>
                    {metric(row[column] ?? Number.NaN)}
                  </td>
                ))}
                <td class="number">{whole(row.support)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <small>Figures are of these images; a score above its threshold, which validation images chose, says yes.</small>
    </section>
  );
}
