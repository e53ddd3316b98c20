// The engine of a deployed page, in a worker so that the page never stands still: the functions of the library that
// `fovea predict` calls, on one thread, with the decoders that the page brings.
import { FoveaError } from "fovea/core";
import { bringCodec, encodePng, loadImage } from "fovea/data";
import {
  type Asked,
  askTable,
  explainImages,
  lookOf,
  type OpenedModel,
  openCompact,
  type PageSettings,
  predictFiles,
  predictionsCsv,
  type TrainedModel,
} from "fovea/experiment";
import type { Brought, FromEngine, ModelFacts, QuestionName, Questions, ToEngine } from "./messages.ts";

interface Open {
  readonly opened: OpenedModel;
  readonly settings: PageSettings;
}

let open: Promise<Open> | undefined;
/** Answers by the numbers of their photos, for tables of them. */
const remembered = new Map<number, Asked>();

const fileOf = ({ name, bytes }: Brought) => ({ name, source: async () => bytes });

async function begin({ model, jpeg, webp, settings }: Questions["open"]["ask"]): Promise<Open> {
  bringCodec("jpeg", jpeg);
  bringCodec("webp", webp);
  return { opened: await openCompact(model, { file: settings.name }), settings };
}

function factsOf({ task, facts, preprocessing }: OpenedModel): ModelFacts {
  const table = facts?.table;
  const [height, width] = preprocessing?.imageSize ?? [];
  return {
    task,
    image:
      table === undefined && preprocessing !== undefined
        ? { height: height!, width: width!, color: preprocessing.color }
        : undefined,
    table: table && {
      target: table.target,
      columns: table.columns.map((column) =>
        column.type === "number"
          ? { type: "number", name: column.name, mean: column.mean }
          : { type: "category", name: column.name, categories: column.categories },
      ),
      mayMiss: table.missing === "fill",
      exposure: table.exposure?.column,
      delimiter: table.delimiter ?? ",",
    },
  };
}

/** Maps, or the slopes of pixels for a network whose layers have no places. */
async function mapOf({ opened }: Open, { photo, index }: Questions["map"]["ask"]): Promise<Questions["map"]["answer"]> {
  const trained = opened as TrainedModel;
  const image = await loadImage(photo.bytes, lookOf(trained.preprocessing));
  const batch = { ...image, shape: [1, ...image.shape] };
  const options = index === undefined ? {} : { classIndex: index };
  const explain = async (method: "gradcam" | "saliency") => {
    const [explained] = await explainImages(trained, batch, method, options);
    const { height, width, channels, data } = explained!.picture;
    const png = encodePng({ dtype: "uint8", shape: [height, width, channels], data });
    return { png, method, of: String(explained!.said[0]?.value ?? "") };
  };
  return explain("gradcam").catch((error: unknown) => {
    if (error instanceof FoveaError) return explain("saliency");
    throw error;
  });
}

/** The answers of some photos as one, in their order. */
function joined(numbers: readonly number[]): Asked {
  const all = numbers.flatMap((number) => remembered.get(number) ?? []);
  const [first] = all;
  if (first === undefined) throw new FoveaError("not-ready", "there are no answers yet; ask about a photo first");
  return {
    ...first,
    answers: all.flatMap(({ answers }) => answers),
    names: all.flatMap(({ names }) => names),
    arrays: first.arrays.map(({ shape }, output) => {
      const rows = all.flatMap(({ arrays }) => [...(arrays[output]?.data ?? [])]);
      const width = shape.slice(1).reduce((product, extent) => product * extent, 1);
      return { dtype: "float32", shape: [rows.length / width, ...shape.slice(1)], data: Float32Array.from(rows) };
    }),
  };
}

const HANDLERS: { readonly [K in QuestionName]: (ask: Questions[K]["ask"]) => Promise<Questions[K]["answer"]> } = {
  open: async (ask) => {
    open = begin(ask);
    return factsOf((await open).opened);
  },
  photo: async ({ photo, number }) => {
    const { opened, settings } = await opening();
    const { rules, top, calibration } = settings;
    const began = performance.now();
    const asked = await predictFiles(opened, [fileOf(photo)], { top, rules, calibration, keep: true });
    const milliseconds = performance.now() - began;
    if (number !== undefined) remembered.set(number, asked);
    return { answer: asked.answers[0]!, milliseconds };
  },
  map: async (ask) => mapOf(await opening(), ask),
  csv: async ({ numbers }) => predictionsCsv(joined(numbers)),
  rows: async ({ table }) => {
    const { opened, settings } = await opening();
    const { rows, notes, csv } = await askTable(opened, fileOf(table), settings);
    return { rows, notes, csv: csv() };
  },
};

function opening(): Promise<Open> {
  if (open === undefined) throw new FoveaError("not-ready", "the model is not open yet");
  return open;
}

const tell = (message: FromEngine): void => postMessage(message);

async function answer<K extends QuestionName>(id: number, kind: K, ask: Questions[K]["ask"]): Promise<void> {
  try {
    tell({ id, value: await HANDLERS[kind](ask) });
  } catch (error) {
    tell({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

addEventListener("message", ({ data }: MessageEvent<ToEngine>) => answer(data.id, data.kind, data.ask));
