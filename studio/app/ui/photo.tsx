// A picture of a project: the user's own images are the loudest thing on every page.
import { useEffect, useState } from "preact/hooks";
import { host } from "../host/index.js";

interface Props {
  readonly project: string;
  readonly index: number;
  /** Words for those who do not see it. */
  readonly alt: string;
  readonly class?: string;
}

export function Photo({ project, index, alt, class: className }: Props) {
  const [source, setSource] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    host()
      .then((way) => way.picture(project, index))
      .then(
        (address) => isCurrent && setSource(address),
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [project, index]);
  return <img class={className} src={source} alt={alt} draggable={false} />;
}
