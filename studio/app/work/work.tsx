// Work: one project with its views, or the list of projects. A total table of views, each loaded when first opened.
import { type ComponentType, lazy, Suspense } from "preact/compat";
import type { ProjectFacts } from "../../contract/facts.js";
import { address, linkTo } from "../frame/address.ts";
import { projects, welcome } from "../frame/store.ts";
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

/** The views of a model without images. */
const OF_MODELS = ["try", "further", "ship"];

const VIEWS: Readonly<Record<string, View>> = {
  data: { title: "Data", Body: lazy(() => import("./data/data.tsx").then(({ Data }) => ({ default: Data }))) },
  train: { title: "Train", Body: lazy(() => import("./train/train.tsx").then(({ Train }) => ({ default: Train }))) },
  understand: {
    title: "Understand",
    Body: lazy(() => import("./understand/understand.tsx").then(({ Understand }) => ({ default: Understand }))),
  },
  try: { title: "Try", Body: lazy(() => import("./try/try.tsx").then(({ Try }) => ({ default: Try }))) },
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

export function Work() {
  const [, id, name = "data"] = address.value.path;
  if (id === undefined) return <Home />;
  const project = projects.value.find((known) => known.id === id);
  if (project === undefined)
    return welcome.value === undefined ? <p class="muted">Opening ...</p> : <Reopen id={id} key={id} />;
  const view = Object.hasOwn(VIEWS, name) ? VIEWS[name] : undefined;
  return (
    <>
      <nav class="tabs" aria-label="Views of the project">
        <strong>
          <bdi>{project.name}</bdi>
        </strong>
        {viewsOf(project).map(([key, { title }]) => (
          <a href={linkTo(["work", id, key])} aria-current={key === name ? "page" : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Suspense fallback={<p class="muted">Opening ...</p>}>
        {view ? <view.Body project={project} key={id} /> : <p>There is no such view.</p>}
      </Suspense>
    </>
  );
}

const viewsOf = ({ kind }: ProjectFacts): readonly (readonly [string, View])[] =>
  Object.entries(VIEWS).filter(([key]) => (kind === "model" ? OF_MODELS.includes(key) : key !== "further"));
