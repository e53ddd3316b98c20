// The images of a project: tools and filters, the grid, the image that is looked at. Keys give labels while the focus is here.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LookFacts } from "../../../contract/data-facts.js";
import type { ClassCount, ProjectFacts } from "../../../contract/facts.js";
import { address, keepState } from "../../frame/address.ts";
import { kept } from "../../frame/kept.ts";
import { Refusal } from "../../ui/refusal.tsx";
import { type Called, useCall } from "../../ui/use-call.ts";
import { Actions } from "./actions.tsx";
import { filterIn, hasFilter, noFilter, orderIn } from "./data-state.ts";
import { Facets } from "./facets.tsx";
import { Grid } from "./grid.tsx";
import { useImagePages } from "./image-pages.ts";
import { Inspector } from "./inspector.tsx";
import { useRelabelling } from "./relabel.ts";
import { ScoreState, useScores } from "./scores.tsx";
import { useSelection } from "./selection.ts";
import { Told } from "./told.tsx";
import { SIZES, Toolbar } from "./toolbar.tsx";

interface Props {
  readonly project: ProjectFacts;
  readonly look: LookFacts | undefined;
  readonly looks: number;
}

/** Milliseconds that an image is looked at before the address says so: arrows pass over many. */
const SETTLED = 200;

export function Images({ project, look, looks }: Props) {
  const { state } = address.value;
  const filter = filterIn(state);
  const order = orderIn(state);
  const scores = useScores(project.id, order);
  const pages = useImagePages(project.id, filter, order, `${project.labelVersion} ${looks} ${scores.version}`);
  const selection = useSelection({ project: project.id, filter, order, pages });
  const relabelling = useRelabelling(project);
  const part = filter.part === undefined ? {} : { part: filter.part };
  const counts = shownCounts(useCall("counts", { project: project.id, ...part }, project.labelVersion));
  const [size, setSize] = useSize();
  const searchBox = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLElement>(null);
  const [inspected, inspect] = useInspected(state.image);
  const isWide = useRoom(box, inspected !== undefined);
  const [isUnfolded, setUnfolded] = useState(false);
  const [isLabelling, setLabelling] = useState(false);
  const { selected, cursor } = selection;
  const total = pages.total ?? 0;
  const atCursor = pages.at(cursor)?.index;
  // Keys act on the image under the cursor where none is selected.
  const picked = useMemo(() => [...selected], [selected]);
  const chosen = picked.length > 0 ? picked : atCursor === undefined || total === 0 ? [] : [atCursor];
  const toGrid = (): void => box.current?.querySelector<HTMLElement>('[role="listbox"].grid')?.focus();
  const noteMove = useFollowing(inspected, atCursor, inspect);
  const pressed = keysOf({
    chosen,
    classNames: project.labelKind === "classes" ? counts.map(({ name }) => name) : [],
    search: () => searchBox.current?.focus(),
    clear: selection.clear,
    relabel: relabelling.relabel,
    undo: project.canUndo ? relabelling.undo : undefined,
    look: () => inspect(atCursor),
    label: () => setLabelling(true),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the grid, also while the focus is on its tools
    <section class={`images-view${inspected === undefined ? "" : " inspecting"}`} ref={box} onKeyDown={pressed}>
      <Toolbar
        {...{ project, filter, order, size, searchBox }}
        hasLooked={look?.isComplete ?? false}
        alike={inspected ?? picked[0]}
        onSize={setSize}
      />
      <details
        class="facets-fold"
        open={isWide || isUnfolded}
        onToggle={({ currentTarget }) => {
          if (!isWide) setUnfolded(currentTarget.open);
        }}
      >
        <summary>Classes and findings</summary>
        <Facets {...{ project, counts, look, filter }} />
      </details>
      <div class="grid-side">
        <Actions
          {...{ project, relabelling, total, chosen }}
          isOpen={isLabelling}
          onOpen={setLabelling}
          classNames={counts.map(({ name }) => name)}
          selected={selected.size}
          onSelectAll={selection.selectAll}
          onClear={selection.clear}
          onDone={toGrid}
        />
        <ScoreState {...scores} />
        {hasFilter(filter) && <Conditions filter={Object.entries(filter)} look={look} />}
        {[pages.error, selection.error].map(
          (sentence) => sentence !== undefined && <Refusal sentence={sentence} key={sentence} />,
        )}
        {pages.total === 0 ? (
          <Nothing project={project} isFiltered={hasFilter(filter)} />
        ) : (
          <Grid
            project={project.id}
            {...{ pages, total, size, selected, cursor }}
            onMove={(position) => {
              noteMove();
              selection.move(position);
            }}
            onLook={(position) => inspect(pages.at(position)?.index)}
            onSelect={selection.select}
            onSelectAll={selection.selectAll}
          />
        )}
        <Told relabelling={relabelling} canUndo={project.canUndo} />
      </div>
      {inspected !== undefined && (
        <Inspector
          {...{ project, looks }}
          index={inspected}
          onClose={() => {
            inspect(undefined);
            toGrid();
          }}
        />
      )}
    </section>
  );
}

/** Actions of the grid's keys. */
interface GridKeys {
  /** Images that a key changes; empty where there is none. */
  readonly chosen: readonly number[];
  /** Classes that the digits from 1 to 9 give. */
  readonly classNames: readonly string[];
  search(): void;
  clear(): void;
  relabel(images: readonly number[], to: string | null): void;
  /** Undefined where there is nothing to undo. */
  readonly undo: (() => void) | undefined;
  look(): void;
  /** Opens the menu of labels. */
  label(): void;
}

/** Keys that act on images. Those that change something are keys of the grid alone, not of the tools around it. */
const keysOf =
  ({ chosen, classNames, search, clear, relabel, undo, look, label }: GridKeys) =>
  (event: KeyboardEvent): void => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || isTyping(target)) return;
    const isInGrid = (target as Element).closest(".grid") !== null;
    const className = /^[1-9]$/.test(key) ? classNames[Number(key) - 1] : undefined;
    if (key === "/") search();
    else if (key === "Escape") clear();
    else if (!isInGrid || chosen.length === 0) return;
    else if (className !== undefined) relabel(chosen, className);
    else if (key === "l") label();
    else if (key === "x") relabel(chosen, null);
    else if (key === "z" && undo !== undefined) undo();
    else if (key === "Enter") look();
    else return;
    event.preventDefault();
  };

/** Counts of the classes; while those of another part are asked for, the classes stay where they are, without numbers. */
const shownCounts = ({ value, previous }: Called<readonly ClassCount[]>): readonly ClassCount[] =>
  value ?? previous?.map(({ name }) => ({ name, count: Number.NaN })) ?? [];

/** Lets an inspector that is open follow the cursor, as soon as its image is known. @returns notes that the cursor moves */
function useFollowing(
  inspected: number | undefined,
  atCursor: number | undefined,
  inspect: (index: number) => void,
): () => void {
  const hasMoved = useRef(false);
  useEffect(() => {
    if (hasMoved.current && inspected !== undefined && atCursor !== undefined) inspect(atCursor);
  }, [atCursor]);
  return () => {
    hasMoved.current = true;
  };
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** Widths from which on filters stand open beside the grid: alone with it, and with the image that is looked at. */
const WIDE = { alone: 701, inspecting: 881 } as const;

/** Tells whether there is room for the filters. */
function useRoom(box: RefObject<HTMLElement | null>, isInspecting: boolean): boolean {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return width >= (isInspecting ? WIDE.inspecting : WIDE.alone);
}

/** The size of the pictures, which the reader's browser remembers. */
function useSize(): readonly [number, (size: number) => void] {
  const [size, setSize] = useState(() => {
    const before = Number(kept.read("thumbs"));
    return before >= SIZES.min && before <= SIZES.max ? before : SIZES.first;
  });
  return [
    size,
    (next) => {
      setSize(next);
      kept.write("thumbs", String(next));
    },
  ];
}

/** The image that is looked at, which the address says a moment later. */
function useInspected(wanted: string | undefined): readonly [number | undefined, (index: number | undefined) => void] {
  const [inspected, setInspected] = useState(numberIn(wanted));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setInspected(numberIn(wanted)), [wanted]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    inspected,
    (index) => {
      setInspected(index);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => keepState({ image: index === undefined ? undefined : String(index) }), SETTLED);
    },
  ];
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,8}$/.test(text) ? Number(text) : undefined;

interface ConditionsProps {
  readonly filter: readonly (readonly [string, unknown])[];
  readonly look: LookFacts | undefined;
}

/** Conditions that say nothing but that they hold. */
const SWITCHES: Readonly<Record<string, string>> = { changed: "changed only", unlabelled: "without a label" };

/** The conditions of the filter, each with a way out. */
function Conditions({ filter, look }: ConditionsProps) {
  return (
    <p class="row conditions">
      {filter.map(([name, value]) => (
        <button type="button" class="plain" key={name} onClick={() => keepState({ [name]: undefined })}>
          {SWITCHES[name] ?? (
            <>
              {`${name}: `}
              <bdi>{name === "finding" ? findingWord(String(value), look) : String(value)}</bdi>
            </>
          )}
          <span aria-hidden="true">×</span>
          <span class="visually-hidden">, take this condition away</span>
        </button>
      ))}
    </p>
  );
}

const findingWord = (id: string, look: LookFacts | undefined): string =>
  look?.findings.find((finding) => finding.id === id)?.kind ?? id;

function Nothing({ project, isFiltered }: { readonly project: ProjectFacts; readonly isFiltered: boolean }) {
  return (
    <div class="quiet">
      {isFiltered ? (
        <>
          <p>No image fits all of these conditions.</p>
          <button type="button" onClick={noFilter}>
            Show all images
          </button>
        </>
      ) : (
        <p>
          <bdi>{project.name}</bdi> has no images here.
        </p>
      )}
    </div>
  );
}
