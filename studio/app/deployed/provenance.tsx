// Sentences about the model's deed, the maker of the page, and the command that gives the same answers.
import { type ByKind, byKind } from "fovea/core";
import type { PageSettings, TaskFacts } from "fovea/experiment";
import { whole } from "../frame/numbers.ts";
import type { ModelFacts } from "./messages.ts";

/** The deed of the model, in a sentence. */
export function describe({ task, image, table }: ModelFacts): string {
  const of = table === undefined ? "photos" : "the rows of a table";
  const size = image && `; photos are brought to ${image.width} × ${image.height} pixels`;
  return `${deed(task, of)}${size ?? ""}. Nothing leaves this page.`;
}

const deed = (task: ModelFacts["task"], of: string): string =>
  task === undefined ? `Answers about ${of}` : byKind(DEEDS, task, of);

const DEEDS: ByKind<TaskFacts, string, [of: string]> = {
  classification: ({ classNames }, of) => `Distinguishes ${whole(classNames.length)} classes of ${of}`,
  multiLabel: ({ labelNames }, of) => `Finds which of ${whole(labelNames.length)} labels fit ${of}`,
  regression: ({ targets }, of) =>
    `Predicts ${targets.length === 1 ? "a number" : `${whole(targets.length)} numbers`} from ${of}`,
  segmentation: ({ classNames }, of) => `Finds which of ${whole(classNames.length)} classes each pixel of ${of} is`,
  verification: (_, of) => `Makes embeddings of ${of}, which distinguish identities`,
  detection: ({ classNames }, of) => `Finds objects of ${whole(classNames.length)} classes on ${of}`,
};

export function Provenance({ settings }: { readonly settings: PageSettings }) {
  const { createdBy, weights, parameters, options } = settings;
  return (
    <footer class="deployed-foot">
      <p>
        Made by {createdBy}; {whole(parameters)} parameters, SHA-256 of the weights <code>{weights}</code>
      </p>
      <p>
        The answers are those of <code>fovea predict{options === "" ? "" : ` ${options}`}</code>, to the bit: the same
        decoders and the same engine compute them here. The page may ask no server for anything
        {settings.form === "folder" ? " but its own for its files" : ""}.
      </p>
    </footer>
  );
}
