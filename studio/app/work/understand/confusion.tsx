// The confusion matrix to touch: a cell shows its images, once more all mistakes. Arrows go from cell to cell.
import { useMemo } from "preact/hooks";
import type { JudgedImage } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { choose as chooseImages } from "./choice.ts";
import { blockOrder, type CellAddress, countCells } from "./confusion-matrix.ts";

interface Props {
  readonly classNames: readonly string[];
  readonly judged: readonly JudgedImage[];
  readonly cell: CellAddress | undefined;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function Confusion({ classNames, judged, cell }: Props) {
  const classes = classNames.length;
  const counts = useMemo(() => countCells(judged, classes), [judged, classes]);
  const isSorted = address.value.state.order !== "classes";
  const areShares = address.value.state.cells === "shares";
  const order = useMemo(
    () => (isSorted ? blockOrder(counts, classes) : Array.from({ length: classes }, (_, k) => k)),
    [counts, classes, isSorted],
  );
  const totals = order.map((k) => counts.subarray(k * classes, (k + 1) * classes).reduce((sum, n) => sum + n, 0));
  const choose = (actual: number, predicted: number): void =>
    chooseImages({ actual: String(actual), predicted: String(predicted) });
  const toggle = (actual: number, predicted: number): void => {
    if (cell?.actual === actual && cell.predicted === predicted) chooseImages();
    else choose(actual, predicted);
  };
  const move = (event: KeyboardEvent, row: number, column: number): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [toRow, toColumn] = [clamp(row + step[0], classes), clamp(column + step[1], classes)];
    choose(order[toRow]!, order[toColumn]!);
    document.getElementById(`cell-${toRow}-${toColumn}`)?.focus();
  };
  return (
    <section class="confusion" aria-label="Confusion matrix">
      <header class="row">
        <h2>What is taken for what</h2>
        <span class="row">
          <button
            type="button"
            aria-pressed={isSorted}
            onClick={() => keepState({ order: isSorted ? "classes" : undefined })}
          >
            Sort into blocks
          </button>
          <button
            type="button"
            aria-pressed={areShares}
            onClick={() => keepState({ cells: areShares ? undefined : "shares" })}
          >
            Rows in %
          </button>
        </span>
      </header>
      <div class="scroll limited">
        <table class="matrix" style={{ "--classes": classes }}>
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">Label</span>
              </th>
              {order.map((k) => (
                <th scope="col" key={k}>
                  <bdi>{classNames[k]}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((actual, row) => (
              <tr key={actual}>
                <th scope="row">
                  <bdi>{classNames[actual]}</bdi>
                </th>
                {order.map((predicted, column) => {
                  const count = counts[actual * classes + predicted]!;
                  const share = totals[row] === 0 ? 0 : count / totals[row]!;
                  const isChosen = cell?.actual === actual && cell.predicted === predicted;
                  const isEntry = cell === undefined ? row + column === 0 : isChosen;
                  return (
                    <td key={predicted}>
                      <button
                        type="button"
                        id={`cell-${row}-${column}`}
                        tabIndex={isEntry ? 0 : -1}
                        aria-label={`${classNames[actual]} taken for ${classNames[predicted]}: ${areShares && count > 0 ? `${Math.round(100 * share)} %, ` : ""}${count}`}
                        aria-pressed={isChosen}
                        data-wrong={actual !== predicted && count > 0}
                        style={{ "--share": Math.round(share * 100) / 100 }}
                        onClick={() => toggle(actual, predicted)}
                        onKeyDown={(event) => move(event, row, column)}
                      >
                        {count > 0 && (areShares ? Math.round(100 * share) : count)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <small>
        Rows are labels, columns are answers{areShares && ", each row in per cent of its images"}. Arrows go from cell
        to cell; a second press shows all mistakes again.
      </small>
    </section>
  );
}

const clamp = (index: number, count: number): number => Math.min(count - 1, Math.max(0, index));
