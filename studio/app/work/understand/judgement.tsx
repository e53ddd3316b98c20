// The classes of some images as a model tells them: all figures are of these images, with the labels that they have here, and
// each shows the images behind it.
import type { ProjectFacts, RunDetails } from "../../../contract/facts.js";
import type { Breakdown } from "../../../contract/understand-facts.js";
import { address } from "../../frame/address.ts";
import { metric, percent, whole } from "../../frame/numbers.ts";
import { choose, chosenImages } from "./choice.ts";
import { ClassTable } from "./class-table.tsx";
import { Confidence } from "./confidence.tsx";
import { Confusion } from "./confusion.tsx";
import { cellOf } from "./confusion-matrix.ts";
import { ImagePanel } from "./image-panel.tsx";
import { Slices } from "./slices.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly run: RunDetails;
  readonly breakdown: Breakdown;
}

export function Judgement({ project, run, breakdown }: Props) {
  const { state } = address.value;
  const { judged, accuracy, classes } = breakdown;
  const cell = cellOf(state, run.classNames.length);
  const wrong = judged.filter(({ label, predicted }) => label !== predicted).length;
  const isChosen = [state.actual, state.class, state.slice, state.side].some((part) => part !== undefined);
  return (
    <>
      <dl class="figures">
        <div>
          <dt>Accuracy on these images</dt>
          <dd class="figure">
            {metric(accuracy.share)}{" "}
            <small>
              {accuracy.low.toFixed(3)} to {accuracy.high.toFixed(3)}
            </small>
          </dd>
        </div>
        <div>
          <dt>Wrong</dt>
          <dd class="figure">
            {whole(wrong)} <small>of {whole(judged.length)}</small>
          </dd>
        </div>
        <div>
          <dt>Mean confidence</dt>
          <dd class="figure">{percent(judged.reduce((sum, { confidence }) => sum + confidence, 0) / judged.length)}</dd>
        </div>
      </dl>
      <div class="understand">
        <div class="figures-column">
          <Confusion classNames={run.classNames} judged={judged} cell={cell} />
          <ClassTable classes={classes} classNames={run.classNames} />
          <Confidence breakdown={breakdown} />
          <Slices project={project.id} breakdown={breakdown} />
        </div>
        <ImagePanel
          project={project}
          run={run}
          chosen={chosenImages(state, breakdown, run.classNames)}
          onClear={isChosen ? () => choose() : undefined}
        />
      </div>
    </>
  );
}
