// A picture of a project: the user's own images are the loudest thing on every page.
import { usePicture } from "./use-file.ts";

interface Props {
  readonly project: string;
  readonly index: number;
  /** Words for those who do not see it. */
  readonly alt: string;
  readonly class?: string;
}

export function Photo({ project, index, alt, class: className }: Props) {
  const { address, error } = usePicture(project, index);
  if (error !== undefined)
    return (
      <small class={className} title={error}>
        {alt === "" ? error : `${alt}: ${error}`}
      </small>
    );
  return <img class={className} src={address} alt={alt} draggable={false} />;
}
