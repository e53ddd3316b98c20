// Ship: the model in the formats that people use, each opened again and compared before it is given out.
import { useState } from "preact/hooks";
import { useCode } from "../../frame/code.ts";
import { sentenceOf } from "../../frame/store.ts";
import { host } from "../../host/index.js";
import { Opening } from "../../ui/opening.tsx";
import { Outcome, type Said } from "../../ui/outcome.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import "./ship.css";

const FORMATS = [
  ["keras", ".keras", "Keras 3 and Fovea", "All of it: weights, classes, preprocessing, recipe."],
  ["onnx", "ONNX", "ONNX Runtime and most other programs", "Network and weights, with the classes as metadata."],
  ["tfjs", "TensorFlow.js", "pages that use TensorFlow.js", "A folder of model.json and shards, as a zip."],
  [
    "teachable",
    "Teachable Machine",
    "Teachable Machine's pages and libraries",
    "A folder with metadata.json, as a zip.",
  ],
  ["safetensors", "safetensors", "PyTorch and others", "Weights alone, with Fovea's facts as text."],
  ["weights", ".weights.h5", "Keras", "Weights alone."],
] as const;

export function Ship({ project }: ViewProps) {
  const chosen = useRun(project);
  const run = chosen.run?.id;
  const code = useCall("code", run === undefined ? undefined : { project: project.id, run });
  useCode(code.value ?? code.previous);
  const [busy, setBusy] = useState<string>();
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  if (chosen.runs === undefined) return <Opening title="Ship" />;
  if (run === undefined)
    return (
      <NoRun project={project} title="Ship">
        When a run has ended, its model can be saved here in the formats of Keras, ONNX, TensorFlow.js and others.
      </NoRun>
    );
  const save = async (format: string): Promise<void> => {
    const tell = (sentence: string, isError: boolean): void =>
      setSaid((before) => ({ ...before, [`${run} ${format}`]: { sentence, isError } }));
    setBusy(format);
    try {
      const name = await (await host()).save("export", { project: project.id, run, format });
      tell(`checked and saved as ${name}`, false);
    } catch (failure) {
      tell(sentenceOf(failure), true);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div class="stack">
      <header class="row">
        <h1>Ship</h1>
        <RunChoice {...chosen} />
      </header>
      <p class="muted">Each file is opened again and compared with the model before it is saved.</p>
      <ul class="formats">
        {FORMATS.map(([format, title, reader, holds]) => (
          <li key={format} class="card">
            <h2>{title}</h2>
            <p>
              For {reader}. {holds}
            </p>
            <button type="button" disabled={busy !== undefined} onClick={() => save(format)}>
              {busy === format ? "Checking ..." : `Save ${title}`}
            </button>
            <Outcome said={said[`${run} ${format}`]} />
          </li>
        ))}
      </ul>
    </div>
  );
}
