// Answers about rows: one row in full, many as a table of the first of them.
import type { Answer, PageSettings, RowsAsked } from "fovea/experiment";
import { whole } from "../frame/numbers.ts";
import { AnswerBody } from "./answer-body.tsx";
import { sayNumber, sayShort } from "./say.ts";

type Prediction = RowsAsked["predictions"][number];

/** Rows that are shown; the CSV file has all. */
const MOST_SHOWN = 20;

/** A row's answer as one about a photo, where it is an answer of a task. */
const asAnswer = (prediction: Prediction): Answer | undefined =>
  "task" in prediction && prediction.accepted ? { image: `row ${prediction.row}`, ...prediction } : undefined;

interface OneProps {
  readonly rows: RowsAsked;
  readonly settings: PageSettings;
}

export function RowAnswer({ rows, settings }: OneProps) {
  const [prediction] = rows.predictions;
  if (prediction === undefined) return null;
  const answer = asAnswer(prediction);
  return (
    <section class="card" aria-label="The answer">
      {answer === undefined ? (
        <Score rows={rows} prediction={prediction} />
      ) : (
        <AnswerBody answer={answer} settings={settings} />
      )}
    </section>
  );
}

/** One number, or a rate with the number that is expected. */
function Score({
  rows: { target, exposure },
  prediction,
}: {
  readonly rows: RowsAsked;
  readonly prediction: Prediction;
}) {
  if ("error" in prediction) return <p class="error">{prediction.error}</p>;
  const value = "value" in prediction ? prediction.value : undefined;
  const rate = "rate" in prediction ? prediction.rate : undefined;
  const expected = "expected" in prediction ? prediction.expected : undefined;
  return (
    <dl class="figures">
      {value !== undefined && (
        <div>
          <dt>
            <bdi>{target}</bdi>
          </dt>
          <dd class="figure">{sayNumber(value)}</dd>
        </div>
      )}
      {rate !== undefined && (
        <div>
          <dt>
            <bdi>{target}</bdi> per 1 of <bdi>{exposure?.column}</bdi>
          </dt>
          <dd class="figure">{sayNumber(rate)}</dd>
        </div>
      )}
      {typeof expected === "number" && (
        <div>
          <dt>
            expected <bdi>{target}</bdi> in this exposure
          </dt>
          <dd class="figure">{sayNumber(expected)}</dd>
        </div>
      )}
    </dl>
  );
}

function sayRow(prediction: Prediction): string {
  if ("error" in prediction) return prediction.error;
  const answer = asAnswer(prediction);
  if (answer !== undefined) return sayShort({ answer });
  if ("rate" in prediction && prediction.rate !== undefined) return sayNumber(prediction.rate);
  return "value" in prediction && typeof prediction.value === "number" ? sayNumber(prediction.value) : "";
}

export function RowTable({ rows: { predictions, target } }: { readonly rows: RowsAsked }) {
  return (
    <table>
      {predictions.length > MOST_SHOWN && (
        <caption class="muted">The first {whole(MOST_SHOWN)} rows; the files that can be saved have all.</caption>
      )}
      <thead>
        <tr>
          <th class="number" scope="col">
            row
          </th>
          <th scope="col">
            <bdi>{target}</bdi>
          </th>
        </tr>
      </thead>
      <tbody>
        {predictions.slice(0, MOST_SHOWN).map((prediction) => (
          <tr key={prediction.row}>
            <td class="number">{prediction.row}</td>
            <td>
              <bdi>{sayRow(prediction)}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
