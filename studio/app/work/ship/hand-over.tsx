// The forms in which somebody without Fovea can use the model: a page, a folder for a web server, a program.
import { DEPLOYED_FORMS } from "../../../contract/files.js";
import { host } from "../../host/index.js";
import { Outcome } from "../../ui/outcome.tsx";
import { DEPLOYED_FACTS } from "./formats.ts";
import { useSaving } from "./saving.ts";

interface Props {
  readonly project: string;
  readonly run: string;
}

export function HandOver({ project, run }: Props) {
  const { busy, said, save } = useSaving();
  return (
    <section>
      <h2>Hand it over</h2>
      <p class="muted">Answers there are those of the command line, to the bit: fovea deploy writes the same.</p>
      <ul class="formats">
        {DEPLOYED_FORMS.map((form) => {
          const { title, button, words } = DEPLOYED_FACTS[form];
          const work = async (): Promise<string> =>
            `saved as ${await (await host()).save("deployed", { project, run, form })}`;
          return (
            <li key={form} class="card">
              <h3>{title}</h3>
              <p>{words}</p>
              <button type="button" disabled={busy !== undefined} onClick={() => save(form, work)}>
                {busy === form ? "Writing ..." : button}
              </button>
              <Outcome said={said[form]} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
