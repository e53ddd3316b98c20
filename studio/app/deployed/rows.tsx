// A model of a table: fields for its columns and the answer about the row that they make; a CSV file for many rows.
import type { PageSettings, RowsAsked } from "fovea/experiment";
import { useState } from "preact/hooks";
import { whole } from "../frame/numbers.ts";
import { sentenceOf } from "../frame/sentence.ts";
import { saveBlob } from "../host/save.ts";
import { FileButton } from "../ui/file-button.tsx";
import { Refusal } from "../ui/refusal.tsx";
import type { Engine } from "./engine.ts";
import type { ModelFacts } from "./messages.ts";
import { RowAnswer, RowTable } from "./row-answer.tsx";
import { csvOf, RowFields, type RowValues } from "./row-fields.tsx";
import { broughtFrom } from "./use-asked-photos.ts";

interface Props {
  readonly engine: Engine;
  readonly settings: PageSettings;
  readonly table: NonNullable<ModelFacts["table"]>;
}

interface Many {
  readonly name: string;
  readonly rows: RowsAsked;
  readonly notes: readonly string[];
  readonly csv: string;
}

export function Rows({ engine, settings, table }: Props) {
  const [single, setSingle] = useState<RowsAsked>();
  const [many, setMany] = useState<Many>();
  const [error, setError] = useState<string>();
  const answer = async (values: RowValues): Promise<void> => {
    try {
      const bytes = new TextEncoder().encode(csvOf(table, values));
      setSingle((await engine.ask("rows", { table: { name: "the row", bytes } })).rows);
      setError(undefined);
    } catch (failure) {
      setSingle(undefined);
      setError(sentenceOf(failure));
    }
  };
  const answerFile = async (file: File): Promise<void> => {
    try {
      const brought = await broughtFrom(file.name, file);
      setMany({ name: file.name, ...(await engine.ask("rows", { table: brought })) });
      setError(undefined);
    } catch (failure) {
      setMany(undefined);
      setError(sentenceOf(failure));
    }
  };
  return (
    <div class="deployed">
      <section class="stack sources" aria-label="A row">
        <RowFields table={table} onAnswer={answer} />
      </section>
      <div class="stack answered" aria-live="polite">
        <Refusal sentence={error} />
        {single !== undefined && <RowAnswer rows={single} settings={settings} />}
        <section class="drop">
          <span>Many rows, with the same columns:</span>
          <FileButton title="Choose a CSV file ..." accept=".csv,text/csv" onFile={answerFile} />
        </section>
        {many !== undefined && (
          <section class="card stack" aria-label={`Answers about ${many.name}`}>
            <h2>
              <bdi>{many.name}</bdi>: {whole(many.rows.predictions.length)} rows
            </h2>
            {many.notes.map((note) => (
              <p key={note} class="muted">
                {note}
              </p>
            ))}
            <RowTable rows={many.rows} />
            <div class="row">
              <button
                type="button"
                onClick={() => saveBlob(new Blob([many.csv], { type: "text/csv" }), `answers-${many.name}`)}
              >
                Save CSV
              </button>
              <button
                type="button"
                onClick={() =>
                  saveBlob(
                    new Blob([`${JSON.stringify(many.rows, undefined, 2)}\n`], { type: "application/json" }),
                    `${many.name.replace(/\.csv$/i, "")}.json`,
                  )
                }
              >
                Save JSON
              </button>
            </div>
          </section>
        )}
      </div>
    </div>
  );
}
