// Grid against random search, drawn as they run: two planes, the same budget, the best so far below.
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { address, keepState } from "../../frame/address.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { useEngine } from "../engine.ts";
import { Choice } from "../parts/choice.tsx";
import { Seed } from "../parts/seed.tsx";
import type { Searches } from "./job.ts";
import { OBJECTIVE_FACTS, OBJECTIVES } from "./objectives.ts";
import { Plane } from "./plane.tsx";
import { Race } from "./race.tsx";
import { budgetOf, RIVAL_TITLES, RIVALS, type SearchWish, SIDES_OF_GRID, shownIn, wishIn } from "./state.ts";
import { StudyTrials } from "./study-trials.tsx";
import "./tuning.css";

/** The searches that have been run, by their wish: what challenges look at. */
export const run = signal<ReadonlyMap<string, Searches>>(new Map());
export const runKey = (wish: SearchWish): string => JSON.stringify(wish);

/** Milliseconds between two trials. */
const PACE = 160;

const TITLES = Object.fromEntries(OBJECTIVES.map((name) => [name, OBJECTIVE_FACTS[name].title]));
const BUDGETS = Object.fromEntries(SIDES_OF_GRID.map((side) => [side, `${side} × ${side} = ${Number(side) ** 2}`]));

export function Stage() {
  const { state } = address.value;
  const wish = wishIn(state);
  const { output, error } = useEngine("searches", wish);
  // The searches that are shown, until those of a new wish are there.
  const ran = output?.wish ?? wish;
  const budget = budgetOf(ran);
  const [played, play] = usePlay(output, budget);
  const shown = shownIn(state, budget) ?? played;
  useEffect(() => {
    if (output !== undefined) run.value = new Map(run.value).set(runKey(output.wish), output);
  }, [output]);
  return (
    <>
      <Refusal sentence={error} />
      <p class="formula" id="objective">
        f(x, y) = {OBJECTIVE_FACTS[ran.objective].formula}: the larger the better
      </p>
      <section class="searches" aria-label="Two searches">
        <Plane
          title="Grid search"
          kind="grid"
          objective={ran.objective}
          points={output?.grid.points.slice(0, shown) ?? []}
        />
        <Plane
          title={capital(RIVAL_TITLES[ran.rival])}
          kind="rival"
          objective={ran.objective}
          points={output?.rival.points.slice(0, shown) ?? []}
        />
      </section>
      <Race
        grid={output?.grid.best.slice(0, shown) ?? []}
        rival={output?.rival.best.slice(0, shown) ?? []}
        budget={budget}
        rivalTitle={RIVAL_TITLES[ran.rival]}
      />
      <div class="controls">
        <button
          type="button"
          class="primary"
          onClick={() => {
            keepState({ trials: undefined });
            play();
          }}
        >
          Run
        </button>
        <label>
          Trials{" "}
          <input
            type="range"
            min={0}
            max={budget}
            value={shown}
            onInput={({ currentTarget: { value } }) =>
              keepState({ trials: value === String(budget) ? undefined : value })
            }
          />{" "}
          <output>
            {shown} of {budget}
          </output>
        </label>
        <Choice
          label="Objective"
          name="objective"
          values={OBJECTIVES}
          titles={TITLES}
          value={wish.objective}
          with={afresh}
        />
        <Choice
          label="Budget"
          name="grid"
          values={SIDES_OF_GRID}
          titles={BUDGETS}
          value={String(wish.side)}
          with={afresh}
        />
        <Choice
          label="Against the grid"
          name="rival"
          values={RIVALS}
          titles={RIVAL_TITLES}
          value={wish.rival}
          with={afresh}
        />
        <Seed label="Seed" seed={wish.seed} with={afresh()} />
      </div>
      <StudyTrials />
    </>
  );
}

const afresh = () => ({ trials: undefined });
const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** Number of trials that are drawn: one after the other once they are there, all at once where motion is not wanted. */
function usePlay(output: Searches | undefined, budget: number): readonly [number, () => void] {
  const [turn, setTurn] = useState(0);
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    if (output === undefined) return;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      setDrawn(output.grid.points.length);
      return;
    }
    setDrawn(0);
    const timer = setInterval(() => {
      setDrawn((before) => {
        if (before + 1 >= output.grid.points.length) clearInterval(timer);
        return before + 1;
      });
    }, PACE);
    return () => clearInterval(timer);
  }, [output, turn]);
  return [Math.min(drawn, budget), () => setTurn(turn + 1)];
}
