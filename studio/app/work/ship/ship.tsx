// Ship: what is to be settled first, then the model in the formats that people use, each opened again and compared before it is
// given out, and the code as a folder that runs.
import { useState } from "preact/hooks";
import { FORMATS } from "../../../contract/files.js";
import type { ShippingFacts } from "../../../contract/shipping-calls.js";
import { useCode } from "../../frame/code.ts";
import { host } from "../../host/index.js";
import { Opening } from "../../ui/opening.tsx";
import { Outcome } from "../../ui/outcome.tsx";
import { Refusal } from "../../ui/refusal.tsx";
import { NoRun, RunChoice, useRun } from "../../ui/run-choice.tsx";
import { useCall } from "../../ui/use-call.ts";
import type { ViewProps } from "../work.tsx";
import { Checklist } from "./checklist.tsx";
import { FORMAT_FACTS } from "./formats.ts";
import { HandOver } from "./hand-over.tsx";
import { useSaving } from "./saving.ts";
import "./ship.css";

export function Ship({ project }: ViewProps) {
  const chosen = useRun(project);
  const run = chosen.run?.id;
  const asked = run === undefined ? undefined : { project: project.id, run };
  const code = useCall("code", asked);
  useCode(code.value ?? code.previous);
  if (chosen.runs === undefined) return <Opening title="Ship" />;
  if (run === undefined)
    return (
      <NoRun project={project} title="Ship">
        When a run has ended, its model can be saved here in the formats of Keras, ONNX, TensorFlow.js and others.
      </NoRun>
    );
  return (
    <div class="stack">
      <header class="row">
        <h1>Ship</h1>
        <RunChoice {...chosen} />
      </header>
      {project.kind === "model" ? (
        <Ways project={project} run={run} key={run} />
      ) : (
        <Shipping project={project} run={run} key={run} />
      )}
    </div>
  );
}

interface RunProps extends ViewProps {
  readonly run: string;
}

/** Questions and forms, which come together: questions that came later would push a form away from under a pointer. */
function Shipping({ project, run }: RunProps) {
  const { value, error } = useCall("shipping", { project: project.id, run });
  const [written, setWritten] = useState<ShippingFacts>();
  const facts = written ?? value;
  if (facts === undefined && error === undefined) return <p class="muted">Looking at the run ...</p>;
  return (
    <>
      {facts === undefined ? (
        <Refusal sentence={error} />
      ) : (
        <Checklist project={project} run={run} facts={facts} onWritten={setWritten} />
      )}
      <Ways project={project} run={run} />
    </>
  );
}

const Ways = ({ project, run }: RunProps) => (
  <>
    <HandOver project={project.id} run={run} />
    <Forms project={project} run={run} />
  </>
);

function Forms({ project, run }: RunProps) {
  const { busy, said, save } = useSaving();
  const address = { project: project.id, run };
  return (
    <section>
      <h2>Save it</h2>
      <p class="muted">Each file is opened again and compared with the model before it is saved.</p>
      <ul class="formats">
        {FORMATS.map((format) => {
          const { title, reader, keeps, loses } = FORMAT_FACTS[format];
          const work = async (): Promise<string> =>
            `checked and saved as ${await (await host()).save("export", { ...address, format })}`;
          return (
            <li key={format} class="card">
              <h3>{title}</h3>
              <p>
                For {reader}. <strong>Keeps</strong> {keeps}.{" "}
                {loses !== "" && (
                  <>
                    <strong>Loses</strong> {loses}.
                  </>
                )}
              </p>
              <button type="button" disabled={busy !== undefined} onClick={() => save(format, work)}>
                {busy === format ? "Checking ..." : `Save ${title}`}
              </button>
              <Outcome said={said[format]} />
            </li>
          );
        })}
        {project.kind !== "model" && (
          <li class="card">
            <h3>The code</h3>
            <p>
              A folder that runs as it stands: TypeScript that trains the model again to the same bits, and asks it;
              package.json, the recipe, the model and the commands.
            </p>
            <button
              type="button"
              disabled={busy !== undefined}
              onClick={() => save("code", async () => `saved as ${await (await host()).save("code", address)}`)}
            >
              {busy === "code" ? "Writing ..." : "Save the code"}
            </button>
            <Outcome said={said.code} />
          </li>
        )}
      </ul>
    </section>
  );
}
