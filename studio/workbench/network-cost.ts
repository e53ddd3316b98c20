// The size of networks for a project's images, and how long an epoch takes here: made with fresh weights, and trained for a few
// steps on noise, which takes as long as images do.
import { FoveaError, type Model, type Runtime, tensor } from "fovea";
import { APPLICATION_NAMES, application } from "fovea/applications";
import { targetsOf } from "fovea/data";
import { classNamesOf, kindOfTargets, TASKS, type TaskFacts, taskOf } from "fovea/experiment";
import type { NetworkCost } from "../contract/facts.js";
import type { TrainSettings } from "../contract/training-calls.js";
import { lookFor } from "./plan.js";
import type { Project } from "./project.js";

/** Steps that are measured, after one that compiles. */
const STEPS = 2;

interface Predicted {
  readonly task: TaskFacts;
  /** Targets of so many images, as training takes them. */
  readonly targets: (count: number) => ReturnType<ReturnType<typeof taskOf>["targetRows"]>;
}

/** Parameters of every network that can be trained from nothing, by their names. */
export async function networkSizes(
  project: Project,
  settings: TrainSettings,
): Promise<Readonly<Record<string, NetworkCost>>> {
  if (project.source === undefined || project.facts.labelKind === undefined) return {};
  const { task } = predictedBy(project, settings);
  const sizes: Record<string, NetworkCost> = {};
  for (const name of APPLICATION_NAMES)
    try {
      const model = await networkFor(project, settings, task, name);
      sizes[name] = { parameters: model.countParams() };
      await model.close();
    } catch (error) {
      // A network for larger images than these.
      if (!(error instanceof FoveaError)) throw error;
    }
  return sizes;
}

/**
 * The network of some settings, measured.
 * @throws FoveaError for a base, whose images pass it once, and for a network that does not fit the images
 */
export async function measuredNetwork(
  project: Project,
  settings: TrainSettings,
  runtime: Runtime,
): Promise<NetworkCost> {
  const { model: name, batchSize } = settings;
  const { task, targets } = predictedBy(project, settings);
  const model = await networkFor(project, settings, task, name, runtime);
  try {
    const { loss, metrics } = taskOf(task).objective(model, task, { loss: settings.loss });
    model.compile({ optimizer: "adam", loss, metrics });
    const count = Math.min(batchSize, project.facts.images) * (STEPS + 1);
    const [height, width, channels] = model.inputShape as readonly [number, number, number];
    const noise = Uint8Array.from(
      { length: count * height * width * channels },
      (_, i) => Math.imul(i, 2_654_435_761) >>> 24,
    );
    const times: number[] = [];
    await model.fit(
      { x: tensor(noise, [count, height, width, channels], "uint8"), y: targets(count) },
      {
        batchSize: count / (STEPS + 1),
        callbacks: [{ onBatchEnd: () => void times.push(performance.now()) }],
      },
    );
    const step = (times.at(-1)! - times[0]!) / STEPS / 1000;
    return { parameters: model.countParams(), epochSeconds: step * Math.ceil(trainedOf(project) / batchSize) };
  } finally {
    await model.close();
  }
}

/** About how many images train: a fifth is held out for each part that the source does not have. */
function trainedOf(project: Project): number {
  const { images, parts } = project.facts;
  const [first] = parts;
  const { total } = first === undefined ? { total: images } : project.page({ part: first }, 0, 0);
  return Math.ceil(total * 0.8 ** Math.max(0, 3 - Math.max(1, parts.length)));
}

async function networkFor(
  project: Project,
  settings: TrainSettings,
  task: TaskFacts,
  name: string,
  runtime?: Runtime,
): Promise<Model> {
  const known = APPLICATION_NAMES.find((offered) => offered === name);
  if (known === undefined)
    throw new FoveaError(
      "unsuited-option",
      `${name} is a base, whose images pass through it once; its time is not measured by steps`,
    );
  const { imageSize, color } = await lookFor(project, settings);
  const head = taskOf(task).applicationHead(task);
  const outputs = classNamesOf(task)?.length ?? 1;
  const shape = {
    imageSize,
    channels: color === "rgb" ? 3 : 1,
    classes: outputs,
    ...(head === undefined ? {} : { head }),
  };
  return application(known, shape, runtime === undefined ? {} : { runtime });
}

/** The task that settings ask for, as the project's images have it before anything is loaded. */
function predictedBy(project: Project, { target, task: kind, loss }: TrainSettings): Predicted {
  const { source } = project;
  if (source === undefined) throw new FoveaError("no-images", `${project.name} has no images to train on`);
  const record = kind && TASKS[kind];
  const { targetKind, hasOwnClasses } = record ?? { targetKind: undefined };
  // Classes of folders, of the only column, or given by the label journal alone.
  if (
    target === undefined &&
    (targetKind ?? "classes") === "classes" &&
    !hasOwnClasses &&
    project.facts.labelKind === "classes"
  ) {
    const task = { kind: "classification", classNames: [...project.classNames] } as const;
    return { task, targets: (count) => tensor(new Int32Array(count), [count], "int32") };
  }
  if (targetKind === "masks" || targetKind === "boxes")
    throw new FoveaError(
      "unsuited-option",
      `${project.name}: the time of a network for masks or boxes is not measured; fovea train shows it`,
    );
  const { targets } = targetsOf(source.listing, {
    ...(target === undefined ? {} : { columns: target }),
    ...(targetKind === undefined ? {} : { kind: targetKind }),
  });
  const rows = Int32Array.from(source.listing.images.keys());
  const wished = taskOf({ kind: kind ?? kindOfTargets(targets) });
  const task = wished.describe({ targets, rows }, { columns: target }, { loss });
  return {
    task,
    targets: (count) =>
      wished.targetRows(
        targets,
        Int32Array.from({ length: count }, (_, i) => i % rows.length),
      ),
  };
}
