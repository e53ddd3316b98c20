// A project as a card: a picture, what it is, the way in.
import type { ProjectFacts } from "../../contract/facts.js";
import { linkTo } from "../frame/address.ts";
import { whole } from "../frame/numbers.ts";
import { Photo } from "../ui/photo.tsx";

export function ProjectCard({ project: { id, name, kind, images, classNames } }: { readonly project: ProjectFacts }) {
  return (
    <a class="card project" href={linkTo(["work", id, "data"])}>
      {images > 0 && <Photo project={id} index={0} alt="" />}
      <span>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <small>
          {kind === "study" ? "A study" : `${whole(images)} images`}
          {classNames.length > 0 && `, ${whole(classNames.length)} classes`}
        </small>
      </span>
    </a>
  );
}
