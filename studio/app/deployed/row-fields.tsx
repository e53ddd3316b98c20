// Fields for the columns of a table, and the CSV file of one row that they make.
import { useState } from "preact/hooks";
import "../ui/field.css";
import type { ColumnFacts, ModelFacts } from "./messages.ts";

type Table = NonNullable<ModelFacts["table"]>;

/** Text of each column by its name. */
export type RowValues = Readonly<Record<string, string>>;

/** A number as a first value: one that people would type. */
const plain = (value: number): string => String(Number(value.toPrecision(3)));

const firstOf = (column: ColumnFacts): string =>
  column.type === "number" ? plain(column.mean) : (column.categories[0] ?? "");

const cell = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A table of one row. */
export function csvOf({ columns, exposure, delimiter }: Table, values: RowValues): string {
  const names = [...columns.map(({ name }) => name), ...(exposure === undefined ? [] : [exposure])];
  const line = (cells: readonly string[]): string => cells.map((text) => cell(text, delimiter)).join(delimiter);
  return `${line(names)}\n${line(names.map((name) => values[name] ?? ""))}\n`;
}

interface Props {
  readonly table: Table;
  readonly onAnswer: (values: RowValues) => void;
}

export function RowFields({ table, onAnswer }: Props) {
  const { columns, exposure, mayMiss } = table;
  const [values, setValues] = useState<RowValues>(() => ({
    ...Object.fromEntries(columns.map((column) => [column.name, firstOf(column)])),
    ...(exposure === undefined ? {} : { [exposure]: "1" }),
  }));
  const set = (name: string, value: string): void => setValues((before) => ({ ...before, [name]: value }));
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(values);
      }}
    >
      <div class="row-fields">
        {columns.map((column, at) => (
          <div class="field" key={column.name}>
            <label for={`column-${at}`}>
              <bdi>{column.name}</bdi>
            </label>
            {column.type === "category" ? (
              <select
                id={`column-${at}`}
                value={values[column.name]}
                onChange={({ currentTarget }) => set(column.name, currentTarget.value)}
              >
                {mayMiss && <option value="">(not known)</option>}
                {column.categories.map((category) => (
                  <option key={category} value={category}>
                    {category}
                  </option>
                ))}
              </select>
            ) : (
              <input
                id={`column-${at}`}
                type="text"
                inputMode="decimal"
                value={values[column.name]}
                onInput={({ currentTarget }) => set(column.name, currentTarget.value)}
              />
            )}
          </div>
        ))}
        {exposure !== undefined && (
          <div class="field">
            <label for="exposure">
              <bdi>{exposure}</bdi> (exposure)
            </label>
            <input
              id="exposure"
              type="text"
              inputMode="decimal"
              value={values[exposure]}
              onInput={({ currentTarget }) => set(exposure, currentTarget.value)}
            />
          </div>
        )}
      </div>
      <div class="row">
        <button type="submit" class="primary">
          Answer
        </button>
      </div>
    </form>
  );
}
