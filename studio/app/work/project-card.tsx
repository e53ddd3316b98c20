// A project that was opened before, as a card: a picture, what it is, its last figure, the way in.
import type { RecentFacts } from "../../contract/data-facts.js";
import { linkTo } from "../frame/address.ts";
import { whole } from "../frame/numbers.ts";
import { wayTo } from "./way-to.ts";

interface Props {
  readonly project: RecentFacts;
  readonly onForget: () => void;
}

export function ProjectCard({ project, onForget }: Props) {
  const { name, kind, images, figure, unfinished = 0, when, thumbnail, refused, project: id } = project;
  const facts = [
    kind === "images" ? `${whole(images)} images` : kind,
    ...(figure === undefined ? [] : [figure]),
    new Date(when).toLocaleDateString(),
  ];
  const inner = (
    <>
      {thumbnail === undefined ? <i class="blank" /> : <img src={thumbnail} alt="" />}
      <span>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <small>{facts.join(" · ")}</small>
        {refused !== undefined && (
          <small>
            <bdi>{refused}</bdi>
          </small>
        )}
      </span>
    </>
  );
  return (
    <div class="card project">
      {refused === undefined ? <a href={linkTo(wayTo({ id, kind }))}>{inner}</a> : <div class="refused">{inner}</div>}
      {unfinished > 0 && (
        <a class="unfinished" href={linkTo(["work", id, "train"])}>
          {unfinished === 1 ? "1 run was broken off" : `${unfinished} runs were broken off`}: go on
        </a>
      )}
      <button type="button" class="plain" aria-label={`Take ${name} off this list`} onClick={onForget}>
        ×
      </button>
    </div>
  );
}
