// The studies of a project as rows, each with the line of its best so far.
import type { ProjectFacts } from "../../../contract/facts.js";
import type { StudySummary } from "../../../contract/study-facts.js";
import { Sparkline } from "../../charts/sparkline.tsx";
import { linkTo } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { isAtWork, jobs, welcome } from "../../frame/store.ts";
import { valueText } from "./chart-props.ts";

const when = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" });

interface Props {
  readonly project: ProjectFacts;
  readonly studies: readonly StudySummary[];
}

export function StudyList({ project, studies }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label="Studies">
      <table class="studies">
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col" class="number">
              Trials
            </th>
            <th scope="col" class="number">
              Best
            </th>
            <th scope="col">Best so far</th>
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <Row key={study.id} {...{ project, study }} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ project, study }: { readonly project: ProjectFacts; readonly study: StudySummary }) {
  const { id, name, storage, counts, best, objectives, directions, line, last } = study;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const isRunning = jobs.value.some((job) => job.study === id && isAtWork(job));
  const address = nearer(storage, welcome.value?.roots ?? []);
  const failed = counts.fail === 0 ? "" : `, ${whole(counts.fail)} failed`;
  return (
    <tr>
      <td>
        <a href={linkTo(["work", project.id, "tune"], { study: id })}>
          <bdi>{name}</bdi>
        </a>
        {address !== `journal://studies/${name}/journal.log` && (
          <small class="where">
            <bdi>{address}</bdi>
          </small>
        )}
      </td>
      <td class="number">
        {whole(total)}
        <small class="where">{isRunning ? "running" : `${whole(counts.complete)} complete${failed}`}</small>
      </td>
      <td class="number">
        {valueText(best)}
        <small class="where">
          {directions[0] === "maximize" ? "↑" : "↓"} <bdi>{objectives[0]}</bdi>
          {objectives.length > 1 && ` and ${objectives.length - 1} more`}
        </small>
      </td>
      <td>
        <Sparkline values={line} />
        {last !== undefined && (
          <time class="where" dateTime={last}>
            {when.format(new Date(last))}
          </time>
        )}
      </td>
    </tr>
  );
}

/** A storage's URL without the folder that the Studio was started for, which all have in common. */
function nearer(storage: string, roots: readonly string[]): string {
  const root = roots.find((known) => storage.includes(`${known}/`));
  return root === undefined ? storage : storage.replace(`${root}/`, "");
}
