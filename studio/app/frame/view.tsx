// The view that an address shows: a total table of doors, each loaded when it is first opened.
import { type ComponentType, lazy, Suspense } from "preact/compat";
import { address } from "./address.ts";

/** A door's view; it reads the rest of the address itself. */
const DOORS: Readonly<Record<string, ComponentType>> = {
  "": lazy(() => import("../work/home.tsx").then(({ Home }) => ({ default: Home }))),
  learn: lazy(() => import("../learn/learn.tsx").then(({ Learn }) => ({ default: Learn }))),
  quick: lazy(() => import("../work/quick/quick.tsx").then(({ Quick }) => ({ default: Quick }))),
  work: lazy(() => import("../work/work.tsx").then(({ Work }) => ({ default: Work }))),
  help: lazy(() => import("../work/help.tsx").then(({ Help }) => ({ default: Help }))),
};

export function View() {
  const [door = ""] = address.value.path;
  const Door = Object.hasOwn(DOORS, door) ? DOORS[door] : undefined;
  if (Door === undefined) return <p>There is no such page; the doors at the side lead on.</p>;
  return (
    <Suspense fallback={<p class="muted">Opening ...</p>}>
      <div class="view" data-door={door}>
        <Door />
      </div>
    </Suspense>
  );
}
