// An answer as bars, or as numbers where numbers are predicted; the library's sentence where there is none.
import type { AnswerFacts } from "../../contract/facts.js";
import { percent } from "../frame/numbers.ts";
import type { Answered } from "./asking.ts";
import { Refusal } from "./refusal.tsx";
import "./answer-bars.css";

export function AnswerBars({ answered: { answer, error } }: { readonly answered: Answered }) {
  return (
    <>
      {answer !== undefined && <Bars answer={answer} />}
      <Refusal sentence={error} />
    </>
  );
}

function Bars({ answer }: { readonly answer: AnswerFacts }) {
  const { guesses, values, note, referred, milliseconds } = answer;
  return (
    <div class="answer" role="status">
      {guesses.length > 0 && (
        <ol class="answer-bars">
          {guesses.slice(0, 5).map(({ label, probability }) => (
            <li key={label}>
              <bdi>{label}</bdi>
              <span class="track">
                <i style={{ width: `${100 * probability}%` }} />
              </span>
              <output>{percent(probability)}</output>
            </li>
          ))}
        </ol>
      )}
      {values.map(({ name, value }) => (
        <p key={name}>
          <bdi>{name}</bdi>{" "}
          <span class="figure">{value.toLocaleString(undefined, { maximumSignificantDigits: 6 })}</span>
        </p>
      ))}
      {note !== undefined && <p>{note}</p>}
      {referred !== undefined && (
        <p class="referred">
          <strong>A person should look:</strong> {referred}.
        </p>
      )}
      <small>{milliseconds.toFixed(0)} ms</small>
    </div>
  );
}
