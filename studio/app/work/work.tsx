// Work: one project with its views, or the list of projects. A total table of views, each loaded when first opened.
import { type ComponentType, lazy, Suspense } from "preact/compat";
import type { ProjectFacts, ProjectKind } from "../../contract/facts.js";
import { address, linkTo } from "../frame/address.ts";
import { projects, welcome } from "../frame/store.ts";
import { Opening } from "../ui/opening.tsx";
import { Home } from "./home.tsx";
import { Reopen } from "./reopen.tsx";
import "./work.css";

export interface ViewProps {
  readonly project: ProjectFacts;
}

interface View {
  readonly title: string;
  readonly Body: ComponentType<ViewProps>;
}

const VIEWS: Readonly<Record<string, View>> = {
  data: { title: "Data", Body: lazy(() => import("./data/data.tsx").then(({ Data }) => ({ default: Data }))) },
  train: { title: "Train", Body: lazy(() => import("./train/train.tsx").then(({ Train }) => ({ default: Train }))) },
  understand: {
    title: "Understand",
    Body: lazy(() => import("./understand/understand.tsx").then(({ Understand }) => ({ default: Understand }))),
  },
  network: {
    title: "Network",
    Body: lazy(() => import("./network/network.tsx").then(({ Network }) => ({ default: Network }))),
  },
  try: { title: "Try", Body: lazy(() => import("./try/try.tsx").then(({ Try }) => ({ default: Try }))) },
  tune: { title: "Tune", Body: lazy(() => import("./tune/tune.tsx").then(({ Tune }) => ({ default: Tune }))) },
  further: {
    title: "Train further",
    Body: lazy(() => import("./further/further.tsx").then(({ Further }) => ({ default: Further }))),
  },
  report: {
    title: "Report",
    Body: lazy(() => import("./report/report.tsx").then(({ Report }) => ({ default: Report }))),
  },
  ship: { title: "Ship", Body: lazy(() => import("./ship/ship.tsx").then(({ Ship }) => ({ default: Ship }))) },
};

/** The views of each kind of project, the first of them first. */
const VIEWS_OF: Readonly<Record<ProjectKind, readonly string[]>> = {
  images: ["data", "train", "understand", "network", "try", "tune", "report", "ship"],
  run: ["understand", "data", "train", "network", "try", "tune", "report", "ship"],
  model: ["try", "network", "further", "ship"],
  study: ["tune"],
};

export function Work() {
  const { path, state } = address.value;
  const [, id, wanted] = path;
  if (id === undefined) return <Home />;
  const project = projects.value.find((known) => known.id === id);
  if (project === undefined)
    return welcome.value === undefined ? <Opening title="Work" /> : <Reopen id={id} key={id} />;
  const names = VIEWS_OF[project.kind];
  const name = wanted !== undefined && names.includes(wanted) ? wanted : names[0]!;
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  return (
    <>
      <nav class="tabs" aria-label="Views of the project">
        <strong>
          <bdi>{project.name}</bdi>
        </strong>
        {names.map((key) => (
          <a
            key={key}
            href={linkTo(["work", id, key], { run: state.run })}
            aria-current={key === name ? "page" : undefined}
          >
            {VIEWS[key]?.title}
          </a>
        ))}
      </nav>
      <Suspense fallback={<Opening title={view?.title ?? "Work"} />}>
        <div class="view" data-view={name}>
          {view ? <view.Body project={project} key={id} /> : <p>There is no such view.</p>}
        </div>
      </Suspense>
    </>
  );
}
