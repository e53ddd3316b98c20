// Filters of images: classes, sizes, findings. On narrow pages they are folded away.
import type { LookFacts } from "../../../contract/data-facts.js";
import type { ClassCount, ImageFilter, ProjectFacts } from "../../../contract/facts.js";
import { keepState } from "../../frame/address.ts";
import { whole } from "../../frame/numbers.ts";
import { ClassBars } from "./class-bars.tsx";
import { filterBy } from "./data-state.ts";
import { LookButton } from "./look-button.tsx";
import "./facets.css";

interface Props {
  readonly project: ProjectFacts;
  readonly counts: readonly ClassCount[];
  readonly look: LookFacts | undefined;
  readonly filter: ImageFilter;
}

export function Facets({ project, counts, look, filter }: Props) {
  return (
    <div class="facets">
      {counts.length > 0 && <ClassBars counts={counts} label={filter.label} onPick={(label) => filterBy({ label })} />}
      {(project.unlabelled > 0 || filter.unlabelled) && (
        <Unlabelled count={project.unlabelled} isChosen={filter.unlabelled ?? false} />
      )}
      <section aria-label="Findings">
        <h2 class="small">Findings</h2>
        {look?.isComplete ? <FindingLinks look={look} filter={filter} /> : <LookButton project={project} />}
      </section>
      {look?.isComplete && look.sizes.length > 0 && <Sizes look={look} filter={filter} />}
    </div>
  );
}

/** The images that have no class yet. */
const Unlabelled = ({ count, isChosen }: { readonly count: number; readonly isChosen: boolean }) => (
  <section aria-label="Without a label" class="bars">
    <button
      type="button"
      class="plain"
      aria-pressed={isChosen}
      onClick={() => filterBy({ unlabelled: isChosen ? undefined : "1" })}
    >
      <bdi>no label yet</bdi>
      <span>{whole(count)}</span>
    </button>
  </section>
);

function FindingLinks({ look, filter }: { readonly look: LookFacts; readonly filter: ImageFilter }) {
  if (look.findings.length === 0) return <p class="muted">Nothing looks wrong.</p>;
  return (
    <ul class="bars">
      {look.findings.map(({ id, kind, severity, count }) => (
        <li key={id}>
          <button
            type="button"
            class={`plain${severity === "error" ? " severe" : ""}`}
            aria-pressed={filter.finding === id}
            onClick={() => {
              if (count === 0) keepState({ show: "findings" });
              else filterBy({ finding: filter.finding === id ? undefined : id });
            }}
          >
            <bdi>{FINDING_WORDS[kind] ?? kind}</bdi>
            {count > 0 && <span>{whole(count)}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Kinds of findings in a word or two. */
export const FINDING_WORDS: Readonly<Record<string, string>> = {
  unreadable: "cannot be decoded",
  copies: "copies",
  leak: "copies across parts",
  label: "doubtful labels",
  copy: "copies",
  "near-copy": "near copies",
  crop: "parts of other images",
  dark: "dark images",
  bright: "bright images",
  flat: "images of one colour",
  contrast: "little contrast",
  blurred: "blurred images",
  "odd-size": "odd sizes or colours",
  border: "borders and screens",
  "small-class": "small classes",
  shift: "shifts",
  metadata: "metadata",
  target: "doubtful numbers",
  masks: "masks among photos",
  spelling: "spelling of classes",
  class: "classes that lack images",
  empty: "empty folders",
  split: "two folders for a part",
  table: "a table that is not read",
  journal: "corrections that do not fit",
  files: "other files",
};

/** Sizes that are listed, the most frequent ones. */
const SIZES = 6;

function Sizes({
  look: { sizes, sizeCount, modes },
  filter,
}: {
  readonly look: LookFacts;
  readonly filter: ImageFilter;
}) {
  return (
    <section aria-label="Sizes">
      <h2 class="small">Sizes</h2>
      <ul class="bars">
        {sizes.slice(0, SIZES).map(({ name, count }) => (
          <li key={name}>
            <button
              type="button"
              class="plain"
              aria-pressed={filter.pixels === name}
              onClick={() => filterBy({ pixels: filter.pixels === name ? undefined : name })}
            >
              <bdi>{name}</bdi>
              <span>{whole(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {sizeCount > SIZES && <p class="muted">and {whole(sizeCount - SIZES)} other sizes</p>}
      <p class="muted">{modes.map(({ name, count }) => `${name} ${whole(count)}`).join(" · ")}</p>
    </section>
  );
}
