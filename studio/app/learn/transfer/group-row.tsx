// The network's parts from the picture to the answer; each is a switch between frozen and trained.
import { keepState } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { GROUP_FACTS, GROUPS, type GroupName } from "./groups.ts";
import type { Transferred } from "./job.ts";
import { type TransferWish, trainText } from "./state.ts";
import { summaryOf } from "./summary.ts";

interface Props {
  readonly wish: TransferWish;
  readonly found: Transferred | undefined;
  readonly isComputing: boolean;
}

export function Groups({ wish, found, isComputing }: Props) {
  const toggle = (group: GroupName): void => {
    const trained = GROUPS.filter((name) =>
      name === group ? !wish.trained.includes(name) : wish.trained.includes(name),
    );
    keepState({ train: trainText(trained) });
  };
  return (
    <ol class="groups" aria-label="Parts of the network" aria-busy={isComputing}>
      {GROUPS.map((group) => {
        const isTrained = wish.trained.includes(group);
        const { title, does } = GROUP_FACTS[group];
        const summary = found && summaryOf(found.groups[group]);
        return (
          <li key={group}>
            <button
              type="button"
              role="switch"
              class="group"
              aria-checked={isTrained}
              aria-label={`${title}: trained`}
              onClick={() => toggle(group)}
            >
              <strong>{title}</strong>
              <span class="muted">{does}</span>
              <span class="state">{isTrained ? "trained" : "frozen"}</span>
            </button>
            {summary && (
              <span class="group-numbers">
                <span>{whole(summary.params)} weights</span>
                <Change change={summary.change} changed={summary.changed} />
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Relative changes from one millionth to one fill the bar, on a scale of powers of ten. */
const [LEAST, MOST] = [-6, 0];

function Change({ change, changed }: { readonly change: number; readonly changed: number }) {
  const share = change > 0 ? Math.min(1, Math.max(0.03, (Math.log10(change) - LEAST) / (MOST - LEAST))) : 0;
  return (
    <>
      <svg class="change" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width="100" height="6" />
        <rect class="fill" width={100 * share} height="6" />
      </svg>
      <span class="muted">{changed === 0 ? "none changed" : `up to ${amount(change)}`}</span>
    </>
  );
}

/** `1.2 %`, or with a power of ten where it is small. */
export const amount = (change: number): string =>
  change >= 1e-5 ? `${(100 * change).toPrecision(2)} %` : `${(100 * change).toExponential(1)} %`;
