// The view that an address shows: a total table of doors, each loaded when it is first opened.
import { type ComponentType, Suspense } from "preact/compat";
import { Opening } from "../ui/opening.tsx";
import { address } from "./address.ts";
import { loaded } from "./loaded.tsx";

/** A door's view; it reads the rest of the address itself. */
const DOORS: Readonly<Record<string, ComponentType>> = {
  "": loaded(() => import("../work/home.tsx").then(({ Home }) => Home)),
  learn: loaded(() => import("../learn/learn.tsx").then(({ Learn }) => Learn)),
  quick: loaded(() => import("../work/quick/quick.tsx").then(({ Quick }) => Quick)),
  work: loaded(() => import("../work/work.tsx").then(({ Work }) => Work)),
  help: loaded(() => import("../work/help.tsx").then(({ Help }) => Help)),
};

export function View() {
  const [door = ""] = address.value.path;
  const Door = Object.hasOwn(DOORS, door) ? DOORS[door] : undefined;
  if (Door === undefined)
    return <Opening title="Fovea" error="There is no such page; the doors at the side lead on." />;
  return (
    <Suspense fallback={<Opening title="Fovea" />}>
      <div class="view" data-door={door}>
        <Door />
      </div>
    </Suspense>
  );
}
