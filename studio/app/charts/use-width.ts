// The width that an element has, as the page is made narrower or wider.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** @returns whole pixels; 0 before the element is there */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => setWidth(Math.floor(current.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}
