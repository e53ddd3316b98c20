// The questions before a model is given away, and the lines of its card that only a person can write.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../../contract/facts.js";
import type { CardFacts, CheckFacts, ShippingFacts } from "../../../contract/shipping-calls.js";
import { linkTo } from "../../frame/address.ts";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";
import { Outcome, type Said } from "../../ui/outcome.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly run: string;
  readonly facts: ShippingFacts;
  readonly onWritten: (facts: ShippingFacts) => void;
}

const WORDS: Readonly<Record<CheckFacts["state"], string>> = { done: "Done", open: "Open", unknown: "Not known" };

/** The view in which a question is settled. */
const SETTLED_IN: Partial<Record<CheckFacts["kind"], readonly [view: string, words: string]>> = {
  copies: ["data", "See the data"],
  labels: ["understand", "See the mistakes"],
  calibration: ["understand", "See its confidence"],
  warnings: ["report", "See the report"],
};

export function Checklist({ project, run, facts, onWritten }: Props) {
  const open = facts.checks.filter(({ state }) => state !== "done").length;
  return (
    <section>
      <h2>Before you give it away</h2>
      <p class="muted">
        {open === 0 ? "All settled." : `${open} of ${facts.checks.length} are open.`} The list begins the model's card.
      </p>
      <ul class="checks">
        {facts.checks.map(({ kind, title, state, sentence }) => {
          const page = SETTLED_IN[kind];
          return (
            <li key={kind} data-state={state}>
              <strong>
                <span class="state">{WORDS[state]}</span> {title}
              </strong>
              <span>
                <bdi>{sentence}</bdi>{" "}
                {state !== "done" && page !== undefined && (
                  <a
                    href={linkTo(["work", project.id, page[0]], {
                      run,
                      ...(kind === "labels" ? { part: "train" } : {}),
                    })}
                  >
                    {page[1]}
                  </a>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <Card project={project.id} run={run} card={facts.card} onWritten={onWritten} key={run} />
    </section>
  );
}

const LINES: Readonly<Record<keyof CardFacts, string>> = {
  purpose: "Purpose",
  use: "Who uses it, on which photos, at which step of their work",
  limits: "Uses to avoid, and weaknesses",
  owner: "Who decides about it",
  contact: "Who answers for it",
  oversight: "Who looks at its answers, and decides when it is unsure",
  monitoring: "How it is checked while it is in use",
  dataLicence: "Licence of the data, or the right to use them",
  weightsLicence: "Licence of its weights, and of those it was built on",
  watts: "Watts that a busy core of the training machine draws, from which its energy follows",
};

interface CardProps {
  readonly project: string;
  readonly run: string;
  readonly card: CardFacts;
  readonly onWritten: (facts: ShippingFacts) => void;
}

function Card({ project, run, card, onWritten }: CardProps) {
  const [lines, setLines] = useState(card);
  const [said, setSaid] = useState<Said>();
  const write = async (): Promise<void> => {
    try {
      onWritten(await (await host()).call("writeCard", { project, run, lines }));
      setSaid({ sentence: "Written into card.json beside the run.", isError: false });
    } catch (failure) {
      setSaid({ sentence: sentenceOf(failure), isError: true });
    }
  };
  return (
    <form
      class="card-lines"
      onSubmit={(event) => {
        event.preventDefault();
        write();
      }}
    >
      {(Object.keys(LINES) as (keyof CardFacts)[]).map((name) => (
        <label key={name}>
          {LINES[name]}
          <textarea
            rows={2}
            maxLength={10_000}
            value={lines[name]}
            onInput={({ currentTarget }) => setLines({ ...lines, [name]: currentTarget.value })}
          />
        </label>
      ))}
      <div class="row">
        <button type="submit">Write the card's lines</button>
        <Outcome said={said} />
      </div>
    </form>
  );
}
