// An answer in full: the verdict, bars with the set of classes shaded, labels, numbers with their ranges, and decisions.
import type { Answer, PageSettings, Refusal } from "fovea/experiment";
import { percent } from "../frame/numbers.ts";
import "../ui/answer-bars.css";
import { sayNumber, sayShare } from "./say.ts";

interface Props {
  readonly answer: Answer | Refusal;
  readonly settings: PageSettings;
  /** Names of numbers, where the answer has none. */
  readonly targets?: readonly string[];
  /** The class, label or number that is explained. */
  readonly explained?: number | undefined;
  /** Explains another; absent where nothing is explained. */
  readonly onExplain?: (index: number) => void;
}

export function AnswerBody({ answer, settings, targets = [], explained, onExplain }: Props) {
  if ("error" in answer)
    return (
      <p class="error" role="status">
        <bdi>{answer.error}</bdi>
      </p>
    );
  const { coverage } = settings.rules;
  return (
    <div class="answer">
      <Verdict answer={answer} />
      {"top" in answer && (
        <Bars
          bars={answer.top.map(({ class: label, index, probability }) => ({
            ...{ label, index, probability },
            mark: answer.set === undefined ? undefined : answer.set.includes(label) ? "in the set" : undefined,
          }))}
          explained={explained}
          onExplain={onExplain}
        />
      )}
      {"labels" in answer && (
        <Bars
          bars={answer.labels.map(({ label, probability, given }, index) => ({
            ...{ label, index, probability, mark: given ? "given" : undefined },
          }))}
          explained={explained}
          onExplain={onExplain}
        />
      )}
      {"mask" in answer && (
        <Bars
          bars={answer.mask.areas.map(({ class: label, index, percent: area }) => ({
            ...{ label, index, probability: area / 100, mark: undefined },
          }))}
          explained={explained}
          onExplain={onExplain}
        />
      )}
      {answer.set !== undefined && coverage !== undefined && <SetLine set={answer.set} coverage={coverage} />}
      <Numbers answer={answer} targets={targets} coverage={coverage} />
      {answer.decision !== undefined && (
        <p>
          Cheapest decision:{" "}
          <strong>
            <bdi>{answer.decision}</bdi>
          </strong>
          , expected cost {sayNumber(answer.expected_cost ?? Number.NaN)}
        </p>
      )}
    </div>
  );
}

/** The beginning of the library's reason for an image like none of the training images. */
const NONE = "none of these: ";

/** A sentence that says whether the answer may be used as it is; the words of a reason are the library's. */
function Verdict({ answer }: { readonly answer: Answer }) {
  if (answer.accepted) return <p class="verdict accepted">Accepted</p>;
  const { reason } = answer;
  const isNew = reason.startsWith(NONE);
  return (
    <p class="verdict referred">
      <strong>{isNew ? "None of these:" : "A person should look:"}</strong>{" "}
      <bdi>{isNew ? reason.slice(NONE.length) : reason}</bdi>
    </p>
  );
}

interface Bar {
  readonly label: string;
  readonly index: number;
  readonly probability: number;
  /** Words for a bar that counts, which is shaded. */
  readonly mark: string | undefined;
}

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly explained: number | undefined;
  readonly onExplain: ((index: number) => void) | undefined;
}

function Bars({ bars, explained, onExplain }: BarsProps) {
  return (
    <ol class="answer-bars deployed-bars">
      {bars.map(({ label, index, probability, mark }) => (
        <li key={index} class={mark === undefined ? "" : "marked"}>
          {onExplain === undefined ? (
            <bdi>{label}</bdi>
          ) : (
            <button
              type="button"
              class="plain"
              title="What speaks for it"
              aria-pressed={index === explained}
              onClick={() => onExplain(index)}
            >
              <bdi>{label}</bdi>
            </button>
          )}
          <span class="track">
            <i style={{ width: `${100 * probability}%` }} />
          </span>
          <output>{percent(probability)}</output>
          <small>{mark ?? ""}</small>
        </li>
      ))}
    </ol>
  );
}

function SetLine({ set, coverage }: { readonly set: readonly string[]; readonly coverage: number }) {
  const share = sayShare(coverage);
  if (set.length === 0)
    return <p class="set">No class fits: the set that holds the truth for {share} of photos is empty.</p>;
  return (
    <p class="set">
      The set that holds the truth for {share} of photos:{" "}
      {set.map((name, at) => (
        <span key={name}>
          {at > 0 && ", "}
          <bdi>{name}</bdi>
        </span>
      ))}
    </p>
  );
}

type Ends = readonly [low: number | null, high: number | null];

interface NumbersProps {
  readonly answer: Answer;
  readonly targets: readonly string[];
  readonly coverage: number | undefined;
}

function Numbers({ answer, targets, coverage }: NumbersProps) {
  const values = "values" in answer ? answer.values : "value" in answer ? [answer.value] : [];
  if (values.length === 0) return null;
  const names = "names" in answer ? answer.names : targets;
  const { interval } = answer;
  const ranges = interval === undefined ? [] : isEnds(interval) ? [interval] : interval;
  return (
    <dl class="figures">
      {values.map((value, at) => (
        <div key={at}>
          <dt>
            <bdi>{names[at] ?? "value"}</bdi>
          </dt>
          <dd class="figure">{sayNumber(value)}</dd>
          {ranges[at] !== undefined && coverage !== undefined && (
            <dd class="muted">
              The range that holds the truth for {sayShare(coverage)} of photos: {sayRange(ranges[at])}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

const isEnds = (interval: Ends | readonly Ends[]): interval is Ends => !Array.isArray(interval[0]);

const sayRange = ([low, high]: Ends): string =>
  low === null
    ? high === null
      ? "any number"
      : `at most ${sayNumber(high)}`
    : high === null
      ? `at least ${sayNumber(low)}`
      : `${sayNumber(low)} to ${sayNumber(high)}`;
