// Data: the project's images with their labels, what looks wrong about them, and the journal of what was changed.
import { address, keepState } from "../../frame/address.ts";
import { useCode } from "../../frame/code.ts";
import { isAtWork, jobs } from "../../frame/store.ts";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { SHOWS, type Show, shortened, showIn } from "./data-state.ts";
import { Findings } from "./findings.tsx";
import { Images } from "./images.tsx";
import { Journal } from "./journal.tsx";
import "./data.css";

const TITLES: Readonly<Record<Show, string>> = { images: "Images", findings: "Findings", journal: "Journal" };

export function Data({ project }: ViewProps) {
  const show = showIn(address.value.state);
  const looks = jobs.value.filter((job) => job.kind === "look" && job.project === project.id && !isAtWork(job)).length;
  const { value: look } = useCall("look", { project: project.id }, looks);
  const { value: code } = useCall("dataCode", { project: project.id }, project.labelVersion);
  useCode(code);
  return (
    <div class={`data show-${show}`}>
      <header class="data-head">
        <h1 class="visually-hidden">Data</h1>
        <fieldset class="row" aria-label="Shown">
          {SHOWS.map((name) => (
            <button
              key={name}
              type="button"
              class="plain"
              aria-pressed={name === show}
              onClick={() => keepState({ show: name === "images" ? undefined : name })}
            >
              {TITLES[name]}
              {name === "findings" && look !== undefined && look.findings.length > 0 && (
                <small>{look.findings.length}</small>
              )}
              {name === "journal" && project.changes > 0 && <small>{project.changes}</small>}
            </button>
          ))}
        </fieldset>
        <p class="muted">
          <bdi>{shortened(project.sentence, project)}</bdi>
        </p>
      </header>
      {show === "images" && <Images {...{ project, look, looks }} />}
      {show === "findings" && <Findings {...{ project, look }} />}
      {show === "journal" && <Journal project={project} />}
    </div>
  );
}
