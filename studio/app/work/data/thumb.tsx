// A picture in the grid. While the grid flies by nothing is asked for; what was drawn once stays.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Host } from "../../host/host.js";

interface Props {
  readonly connection: Host | undefined;
  readonly project: string;
  readonly index: number;
  readonly isFlying: boolean;
}

export function Thumb({ connection, project, index, isFlying }: Props) {
  const wasShown = useRef(false);
  if (!isFlying && connection !== undefined) wasShown.current = true;
  const picture = wasShown.current ? connection?.picture(project, index) : undefined;
  const [brought, setBrought] = useState<string>();
  useEffect(() => {
    if (picture === undefined || typeof picture === "string") return;
    let isCurrent = true;
    picture.then(
      (address) => isCurrent && setBrought(address),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [picture]);
  const source = typeof picture === "string" ? picture : brought;
  const image = useRef<HTMLImageElement>(null);
  // A picture that has scrolled away before it came is not waited for.
  useEffect(() => () => image.current?.removeAttribute("src"), []);
  return source === undefined ? (
    <i class="blank" />
  ) : (
    <img ref={image} src={source} alt="" decoding="async" draggable={false} />
  );
}
