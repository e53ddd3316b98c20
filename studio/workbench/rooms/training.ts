// Training: what can be trained, trainings that wait for their turn, the runs that came of them, and the code of both.
import { FoveaError } from "fovea";
import { RunFolder } from "fovea/experiment";
import type { RunSummary } from "../../contract/facts.js";
import type { TrainSettings } from "../../contract/training-calls.js";
import { comparedRuns } from "../comparison.js";
import { codeOfModel, modelFile, modelSummary } from "../model-project.js";
import { measuredNetwork, networkSizes } from "../network-cost.js";
import { choicesOf, codeOfPlan, type PlanSettings } from "../plan.js";
import { codeOfRun, runDetails, summaryOf } from "../runs.js";
import { preparedFrom } from "../training.js";
import { variantsOf } from "../variants.js";
import type { Bench, Room } from "./room.js";

type Needs = Pick<Bench, "disk" | "runtime" | "projects" | "jobs" | "runs" | "models">;

export function trainingRoom({ disk, runtime, projects, jobs, runs, models }: Needs): Room<"training", "report"> {
  /** Settings with the file of the opened model that is trained further. */
  const planned = async (settings: TrainSettings): Promise<PlanSettings> => {
    const { model, from } = settings;
    if (model !== "model" || from === undefined) return settings;
    return { ...settings, weights: await modelFile(await projects.find(from), disk.home, runtime) };
  };
  const summaries = async (id: string): Promise<RunSummary[]> => {
    const project = projects.get(id);
    if (project.kind === "model" && project.run !== undefined)
      return [await modelSummary(projects.runPath(project.run), project.run, project, models)];
    const known = await projects.runsOf(id);
    return Promise.all(known.map(async (run) => summaryOf(await runDetails(run.path, run.id, project))));
  };
  return {
    handlers: {
      choices: async ({ project }) => choicesOf(projects.get(project)),
      sizes: async ({ project, settings }) => networkSizes(projects.get(project), settings),
      measure: async ({ project, settings }) => {
        if (jobs.atWork.length > 0)
          throw new FoveaError("in-use", "other work would slow the steps; measure when it has ended");
        return measuredNetwork(projects.get(project), settings, runtime);
      },
      variants: async ({ project, image, settings }) => variantsOf(projects.get(project), image, settings, runtime),
      train: async ({ project: id, settings }) => {
        const project = projects.get(id);
        const names = (n: number): string => `${project.name}-${settings.model}-${n}`;
        return runs.train(project, names, settings, preparedFrom(project, await planned(settings)));
      },
      stop: async ({ job }) => {
        jobs.stop(job);
        return null;
      },
      unfinished: async ({ project }) => runs.unfinished(projects.get(project)),
      resume: async ({ project, run }) => runs.resume(projects.get(project), run),
      runs: async ({ project }) => summaries(project),
      compare: async ({ first, second }) => comparedRuns(projects.runPath(first), projects.runPath(second)),
      run: async ({ project, run }) => runDetails(projects.runPath(run), run, projects.get(project)),
      code: async ({ project: id, run, settings }) => {
        const project = projects.get(id);
        if (settings !== undefined) return codeOfPlan(project, await planned(settings));
        if (run === undefined) return { typescript: "", commands: "" };
        return (project.kind === "model" ? codeOfModel : codeOfRun)(projects.runPath(run));
      },
    },
    files: {
      report: async ({ run }) => ({
        bytes: await (await RunFolder.open(projects.runPath(run))).bytes("report"),
        type: "text/html; charset=utf-8",
      }),
    },
  };
}
