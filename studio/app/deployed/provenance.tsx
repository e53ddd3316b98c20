// Sentences about the model's deed, the maker of the page, and the command that gives the same answers.
import type { PageSettings } from "fovea/experiment";
import { whole } from "../frame/numbers.ts";
import type { ModelFacts } from "./messages.ts";

/** The deed of the model, in a sentence. */
export function describe({ task, image, table }: ModelFacts): string {
  const of = table === undefined ? "photos" : "the rows of a table";
  const size = image && `; photos are brought to ${image.width} × ${image.height} pixels`;
  return `${deed(task, of)}${size ?? ""}. Nothing leaves this page.`;
}

function deed(task: ModelFacts["task"], of: string): string {
  if (task === undefined) return `Answers about ${of}`;
  if (task.kind === "classification") return `Tells ${whole(task.classNames.length)} classes of ${of} apart`;
  if (task.kind === "multiLabel") return `Finds which of ${whole(task.labelNames.length)} labels fit ${of}`;
  if (task.kind === "detection") return `Finds objects of ${whole(task.classNames.length)} classes on ${of}`;
  if (task.kind === "verification") return `Makes embeddings of ${of}, which tell identities apart`;
  if (task.kind === "segmentation")
    return `Finds which of ${whole(task.classNames.length)} classes each pixel of ${of} is`;
  return `Predicts ${task.targets.length === 1 ? "a number" : `${whole(task.targets.length)} numbers`} from ${of}`;
}

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
