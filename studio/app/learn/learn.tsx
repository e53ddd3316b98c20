// Learn: the lecture as pages. The frame of a page: its sentence, its stage, its challenges, the way to the next.
import { useEffect, useState } from "preact/hooks";
import { address, linkTo } from "../frame/address.ts";
import { useCode } from "../frame/code.ts";
import { Refusal } from "../ui/refusal.tsx";
import { Challenges, Solved } from "./challenges.tsx";
import { LEARN_ORDER, type LearnPage } from "./pages.ts";
import "../ui/facts.css";
import "./learn.css";

export function Learn() {
  const [, id] = address.value.path;
  return id === undefined ? <Contents /> : <Page id={id} key={id} />;
}

function Contents() {
  return (
    <>
      <h1>The lecture, to touch</h1>
      <p class="muted">Each page computes with the engine that trains, on its example or on a picture of yours.</p>
      <ol class="contents">
        {LEARN_ORDER.map(([id, { title, sentence }]) => (
          <li key={id}>
            <h2>
              <a href={linkTo(["learn", id])}>{title}</a>
            </h2>
            <p class="muted">{sentence}</p>
            <Solved page={id} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Page({ id }: { readonly id: string }) {
  const [page, setPage] = useState<LearnPage>();
  const [error, setError] = useState<string>();
  const at = LEARN_ORDER.findIndex(([known]) => known === id);
  const entry = LEARN_ORDER[at]?.[1];
  useEffect(() => {
    entry?.load().then(setPage, () => setError("this page did not load; reload it when its server answers again"));
  }, [entry]);
  const { state } = address.value;
  useCode(page?.code(state));
  if (entry === undefined)
    return (
      <p>
        The lecture has no page {id}; <a href={linkTo(["learn"])}>these are its pages</a>.
      </p>
    );
  const [before, next] = [LEARN_ORDER[at - 1], LEARN_ORDER[at + 1]];
  return (
    <article class="learn">
      <h1>{entry.title}</h1>
      <p>{entry.sentence}</p>
      <Refusal sentence={error} />
      {page === undefined ? (
        error === undefined && <p class="muted">Opening ...</p>
      ) : (
        <>
          <page.Stage />
          <Challenges page={id} challenges={page.challenges} state={state} />
        </>
      )}
      <nav class="next" aria-label="Pages of the lecture">
        {before && (
          <span>
            Before: <a href={linkTo(["learn", before[0]])}>{before[1].title}</a>
          </span>
        )}
        {next && (
          <span>
            Next: <a href={linkTo(["learn", next[0]])}>{next[1].title}</a>
          </span>
        )}
        <a href={linkTo(["learn"])}>All pages</a>
      </nav>
    </article>
  );
}
