// Home: three doors, and what was opened before.
import { useEffect, useState } from "preact/hooks";
import type { RecentFacts } from "../../contract/data-facts.js";
import { linkTo } from "../frame/address.ts";
import { projects, welcome } from "../frame/store.ts";
import { host } from "../host/index.js";
import { useCall } from "../ui/use-call.ts";
import { BringPanel, GeneratedSets, OpeningState, PathPanel } from "./open.tsx";
import { ProjectCard } from "./project-card.tsx";
import { goToOpened } from "./way-to.ts";
import "./work.css";

/** True until the page has gone to what the program was started with. */
let isFirst = true;

export function Home() {
  const { opened } = welcome.value ?? {};
  useEffect(() => {
    if (welcome.value === undefined || !isFirst) return;
    isFirst = false;
    const project = projects.value.find(({ id }) => id === opened);
    if (project === undefined || location.hash.length > 2) return;
    goToOpened(project);
  }, [opened]);
  return (
    <div class="stack home">
      <h1>Fovea Studio</h1>
      <p class="muted">
        From photos to a model that you understand. Nothing leaves this{" "}
        {welcome.value?.place === "static" ? "page" : "machine"}.
      </p>
      <div class="doors">
        <section class="card">
          <h2>Learn with the lecture</h2>
          <p>Images as numbers, convolution, pooling, networks, what they learn: pages to touch.</p>
          <a class="button primary" href={linkTo(["learn"])}>
            Learn
          </a>
        </section>
        <section class="card">
          <h2>Quick start</h2>
          <p>Classes with examples from the webcam, a drawing pad or files; one button that trains; live answers.</p>
          <a class="button primary" href={linkTo(["quick"])}>
            Quick start
          </a>
        </section>
        <section class="card">
          <h2>Train on photos</h2>
          <BringPanel />
          <GeneratedSets />
        </section>
        <section class="card">
          <h2>Open</h2>
          <p>
            A folder with one folder per class, a manifest, a zip, the folder of a run, or a model such as Teachable
            Machine's export.
          </p>
          <PathPanel />
        </section>
      </div>
      <OpeningState />
      <Recent />
    </div>
  );
}

/** Projects that were opened before. */
function Recent() {
  const { value } = useCall("recent", welcome.value === undefined ? undefined : {}, projects.value);
  const [left, setLeft] = useState<readonly RecentFacts[]>();
  useEffect(() => setLeft(value), [value]);
  if (left === undefined || left.length === 0) return null;
  const forget = async (project: string): Promise<void> => {
    setLeft(await (await host()).call("forget", { project }));
  };
  return (
    <section>
      <h2>Opened before</h2>
      <div class="projects">
        {left.map((project) => (
          <ProjectCard key={project.project} project={project} onForget={() => forget(project.project)} />
        ))}
      </div>
    </section>
  );
}
