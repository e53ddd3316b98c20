// The frame around every view: the doors, the code drawer, the strip of running work.
import { useEffect, useRef } from "preact/hooks";
import { address, linkTo } from "./address.ts";
import { CodeDrawer } from "./code-drawer.tsx";
import { JobStrip } from "./job-strip.tsx";
import { connect } from "./store.ts";
import { ThemeButton } from "./theme.tsx";
import { View } from "./view.tsx";

const DOORS = [
  { path: ["learn"], letter: "L", title: "Learn with the lecture" },
  { path: ["work"], letter: "W", title: "Work: projects" },
] as const;

export function Frame() {
  useEffect(() => {
    connect();
  }, []);
  const { path } = address.value;
  const [door] = path;
  const page = usePageFocus(path.join("/"));
  return (
    <div class="frame">
      <nav class="rail" aria-label="Doors">
        <a href={linkTo([])} title="Home" aria-current={door === undefined ? "page" : undefined}>
          <img src="./icon.svg" alt="Home" />
        </a>
        {DOORS.map(({ path, letter, title }) => (
          <a href={linkTo(path)} title={title} aria-label={title} aria-current={door === path[0] ? "page" : undefined}>
            {letter}
          </a>
        ))}
        <span class="space" />
        <ThemeButton />
        <a
          href={linkTo(["help"])}
          title="Help and keys"
          aria-label="Help and keys"
          aria-current={door === "help" ? "page" : undefined}
        >
          ?
        </a>
      </nav>
      <main class="page" ref={page} tabIndex={-1}>
        <div class="inner">
          <View />
        </div>
      </main>
      <CodeDrawer />
      <JobStrip />
    </div>
  );
}

/** The focus goes to the page where a way leads to another view and takes the button that was pressed away. */
function usePageFocus(path: string) {
  const page = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (document.activeElement === document.body) page.current?.focus({ preventScroll: true });
  }, [path]);
  return page;
}
