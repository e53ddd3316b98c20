// Some validation images with what the network says of them by now: one sees it learn.
import type { JobFacts, SampleAnswer } from "../../../contract/facts.js";
import { percent } from "../../frame/numbers.ts";
import { Photo } from "../../ui/photo.tsx";
import { TASK_VIEWS } from "../../ui/task-views.ts";

interface Props {
  readonly project: string;
  readonly samples: NonNullable<JobFacts["samples"]>;
}

export const SampleStrip = ({ project, samples: { epoch, task, answers } }: Props) => (
  <section class="samples" aria-label="Validation images">
    <h3>
      What it says of {answers.length} validation images{" "}
      <span class="muted">{epoch === undefined ? "with its best weights" : `after epoch ${epoch}`}</span>
    </h3>
    <ol>
      {answers.map((answer) => (
        <li key={answer.file}>
          {answer.index === undefined ? (
            <i class="blank" />
          ) : (
            <Photo project={project} index={answer.index} alt={answer.file} />
          )}
          {TASK_VIEWS[task].hasNumbers ? (
            <Numbers answer={answer} />
          ) : (
            <Guesses answer={answer} isOne={TASK_VIEWS[task].hasOneClass} />
          )}
        </li>
      ))}
    </ol>
  </section>
);

/** The most probable classes or labels, each with its bar, and the truth where it is another. */
function Guesses({ answer: { guesses, truth }, isOne }: { readonly answer: SampleAnswer; readonly isOne: boolean }) {
  return (
    <div class="said">
      {guesses.slice(0, isOne ? 1 : guesses.length).map(({ label, probability }) => (
        <span key={label} class="guess" data-wrong={truth.includes(label) !== (isOne || probability >= GIVEN)}>
          <span>
            <bdi>{label}</bdi> <output>{percent(probability)}</output>
          </span>
          <span class="track">
            <i style={{ width: `${100 * probability}%` }} />
          </span>
        </span>
      ))}
      <small>
        is <bdi>{truth.length === 0 ? "without labels" : truth.join(", ")}</bdi>
      </small>
    </div>
  );
}

/** A probability from which a label counts as given. */
const GIVEN = 0.5;

const Numbers = ({ answer: { numbers } }: { readonly answer: SampleAnswer }) => (
  <dl class="said">
    {numbers.map(({ name, predicted, actual }) => (
      <div key={name}>
        <dt>
          <bdi>{name}</bdi>
        </dt>
        <dd>
          <output>{short(predicted)}</output> <small>is {short(actual)}</small>
        </dd>
      </div>
    ))}
  </dl>
);

const short = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString(undefined, { maximumSignificantDigits: 4 }) : "–";
