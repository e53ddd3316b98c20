// The report of a run, as report.html has it: a page of its own in a frame, which reaches nothing. Its colours are light or
// dark as those of the frame around it, whose `color-scheme` a browser hands on.

import { Opening } from "../../ui/opening.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useFile } from "../../ui/use-file.ts";
import type { ViewProps } from "../work.tsx";
import "./report.css";

export function Report({ project }: ViewProps) {
  const chosen = useRun(project);
  const run = chosen.run?.id;
  const { address, error } = useFile("report", run === undefined ? undefined : { project: project.id, run });
  if (chosen.runs === undefined) return <Opening title="Report" />;
  if (run === undefined)
    return (
      <NoRun project={project} title="Report">
        When a run has ended, its whole report stands here: recipe, curves, figures, failures, the way to the same bits.
      </NoRun>
    );
  return (
    <div class="stack">
      <header class="row">
        <h1>Report</h1>
        <RunChoice {...chosen} />
      </header>
      <Refusal sentence={error} />
      {address !== undefined && (
        <iframe class="report" src={address} title={`Report of ${run}`} sandbox="allow-scripts allow-popups" />
      )}
    </div>
  );
}
