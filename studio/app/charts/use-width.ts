// The width that an element has, as the page is made narrower or wider.
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** @returns whole pixels; 0 before the element is there */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    // The browser tells widths after its own layout: to ask for each would lay the page out once for every chart.
    const observer = new ResizeObserver((changes) => {
      const [box] = changes.at(-1)?.borderBoxSize ?? [];
      if (box !== undefined) setWidth(Math.floor(box.inlineSize));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}
