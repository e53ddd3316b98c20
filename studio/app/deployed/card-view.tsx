// The model's card: what a person wrote and what the run's files say. Lines that are missing stand out.
import type { CardFacts } from "fovea/experiment";

const STATES = { known: "", missing: "missing", open: "not known", broken: "does not hold" } as const;

export function CardView({ card }: { readonly card: CardFacts }) {
  return (
    <details class="card model-card">
      <summary>
        <h2>Model card</h2>
      </summary>
      {card.sections.map(({ id, title, rows, tables }) => (
        <section key={id}>
          <h3>{title}</h3>
          <dl>
            {rows.map(({ label, value, state }) => (
              <div key={label} class={state}>
                <dt>
                  <bdi>{label}</bdi>
                </dt>
                <dd>
                  {state !== "known" && <strong>{STATES[state]}: </strong>}
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
          {tables.map((table) => (
            <CardTable key={table.title} table={table} />
          ))}
        </section>
      ))}
    </details>
  );
}

type Table = CardFacts["sections"][number]["tables"][number];

function CardTable({ table: { title, columns, rows, note } }: { readonly table: Table }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" aria-label={title} tabIndex={0}>
      <table>
        <caption>
          <bdi>{title}</bdi>
        </caption>
        <thead>
          <tr>
            {columns.map(({ head, number }, at) => (
              <th key={at} class={number ? "number" : ""} scope="col">
                <bdi>{head}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ cells }, at) => (
            <tr key={at}>
              {cells.map((cell, column) => (
                <td key={column} class={columns[column]?.number ? "number" : ""}>
                  <bdi>{cell}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {note !== undefined && <p class="muted">{note}</p>}
    </section>
  );
}
