// The trials that the brushes leave as a table, sorted as one likes, a page at a time.
import { useMemo } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { duration, whole } from "../../frame/numbers.ts";
import { type ChartProps, parameterText, valueText } from "./chart-props.ts";
import { hovered, pick, pickedTrial } from "./selection.ts";
import { stateOf, type Trials } from "./trials.ts";

const ROWS = 25;

/** The column that a table is sorted by, downwards with a minus before it. */
interface Order {
  readonly by: string;
  readonly isDown: boolean;
}

export function TrialsTable({ model, selection: { kept } }: ChartProps) {
  const { trials } = model;
  const { view } = trials;
  const { sort, rows } = address.value.state;
  const order = orderOf(sort ?? (view.directions[0] === "maximize" ? "-v0" : "v0"));
  const all = useMemo(() => sortedBy(trials, order), [trials, order.by, order.isDown]);
  const sorted = useMemo(() => all.filter((number) => kept[number] === 1), [all, kept]);
  const pages = Math.max(1, Math.ceil(sorted.length / ROWS));
  const page = Math.min(pages, Math.max(1, Number(rows) || 1));
  const shown = Array.from(sorted.subarray((page - 1) * ROWS, page * ROWS));
  const turn = (to: number): void => keepState({ rows: to === 1 ? undefined : String(to) });
  const head = (key: string, title: string, isNumber = true) => (
    <th
      key={key}
      scope="col"
      class={isNumber ? "number" : undefined}
      aria-sort={order.by === key ? (order.isDown ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        class="plain"
        onClick={() => keepState({ sort: order.by === key && !order.isDown ? `-${key}` : key, rows: undefined })}
      >
        <bdi>{title}</bdi>
        {order.by === key && <span aria-hidden="true">{order.isDown ? " ↓" : " ↑"}</span>}
      </button>
    </th>
  );
  const chosen = pickedTrial();
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label="Table of trials">
        <table class="trials">
          <thead>
            <tr>
              {head("number", "Trial")}
              {head("state", "State", false)}
              {view.objectives.map((name, i) => head(`v${i}`, name))}
              {head("time", "Time")}
              {view.parameters.map(({ name }, i) => head(`p${i}`, name))}
            </tr>
          </thead>
          <tbody>
            {shown.map((number) => (
              <tr
                key={number}
                class={number === chosen ? "chosen" : undefined}
                onPointerEnter={() => {
                  hovered.value = number;
                }}
                onPointerLeave={() => {
                  hovered.value = undefined;
                }}
              >
                <td class="number">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={number === chosen}
                    aria-label={`Trial ${number}`}
                    onClick={() => pick(number)}
                    onFocus={() => {
                      hovered.value = number;
                    }}
                  >
                    {number}
                  </button>
                </td>
                <td>{stateOf(trials, number)}</td>
                {trials.values.map((values, i) => (
                  <td key={view.objectives[i]} class="number">
                    {valueText(values[number])}
                  </td>
                ))}
                <td class="number">{timeOf(trials, number)}</td>
                {view.parameters.map(({ name }, i) => (
                  <td key={name} class="number">
                    <bdi>{parameterText(model, i, number)}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Pager page={page} pages={pages} count={sorted.length} onTurn={turn} />
    </>
  );
}

interface PagerProps {
  readonly page: number;
  readonly pages: number;
  /** Rows of all pages. */
  readonly count: number;
  readonly onTurn: (page: number) => void;
}

function Pager({ page, pages, count, onTurn }: PagerProps) {
  return (
    <nav class="row pager" aria-label="Pages of trials">
      <button type="button" disabled={page === 1} onClick={() => onTurn(page - 1)} aria-label="Rows before">
        ‹
      </button>
      <span>
        {count === 0
          ? "No trial is left by the filters"
          : `${whole((page - 1) * ROWS + 1)} to ${whole(Math.min(count, page * ROWS))} of ${whole(count)}`}
      </span>
      <button type="button" disabled={page === pages} onClick={() => onTurn(page + 1)} aria-label="Rows after">
        ›
      </button>
    </nav>
  );
}

const orderOf = (text: string): Order => ({ by: text.replace(/^-/, ""), isDown: text.startsWith("-") });

function timeOf({ starts, ends }: Trials, number: number): string {
  const seconds = (ends[number]! - starts[number]!) / 1000;
  if (Number.isNaN(seconds)) return "";
  return seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** Numbers of all trials in an order; those without what they are sorted by come last. */
function sortedBy(trials: Trials, { by, isDown }: Order): Int32Array {
  const { count, starts, ends, states, values, params } = trials;
  const [, kind, at] = /^([vp])(\d+)$/.exec(by) ?? [];
  const column = kind === "v" ? values[Number(at)] : kind === "p" ? params[Number(at)] : undefined;
  const keyOf = (number: number): number => {
    if (column !== undefined) return column[number]!;
    if (by === "state") return states[number]!;
    return by === "time" ? ends[number]! - starts[number]! : number;
  };
  const numbers = Int32Array.from({ length: count }, (_, number) => number);
  const keys = Float64Array.from({ length: count }, (_, number) => keyOf(number));
  const sign = isDown ? -1 : 1;
  return numbers.sort((a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}
