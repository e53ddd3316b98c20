// "As code": the lines that do what the view shows, the changed ones marked. Remembers being closed.
import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { code } from "./code.ts";
import { kept } from "./kept.ts";

/** Closed at first where the drawer would lie over the page. */
const first = matchMedia("(min-width: 1100px)").matches ? "open" : "closed";
const isOpen = signal((kept.read("code") ?? first) !== "closed");

function toggle(): void {
  isOpen.value = !isOpen.value;
  kept.write("code", isOpen.value ? "open" : "closed");
}

type Tab = "typescript" | "commands";
const TABS: readonly (readonly [Tab, string])[] = [
  ["typescript", "TypeScript"],
  ["commands", "Commands"],
];

export function CodeDrawer() {
  const [tab, setTab] = useState<Tab>("typescript");
  const before = useRef<Readonly<Record<Tab | "view", string>>>({ typescript: "", commands: "", view: "" });
  const facts = code.value;
  if (facts === undefined) return null;
  if (!isOpen.value)
    return (
      <div class="code-closed">
        <button type="button" onClick={toggle} aria-expanded="false">
          As code
        </button>
      </div>
    );
  const shown = facts[tab] || facts.typescript ? tab : "commands";
  const old = new Set(before.current[shown].split("\n"));
  // Another view's lines are no change of these.
  const isFirst = before.current[shown] === "" || before.current.view !== facts.view;
  before.current = { ...before.current, [shown]: facts[shown], view: facts.view };
  return (
    <aside class="code" aria-label="As code">
      <header>
        <fieldset class="row" aria-label="Language">
          {TABS.map(([name, title]) => (
            <button
              type="button"
              class="plain"
              aria-pressed={shown === name}
              disabled={!facts[name]}
              onClick={() => setTab(name)}
            >
              {title}
            </button>
          ))}
        </fieldset>
        <div class="row">
          <CopyButton text={facts[shown]} />
          <button type="button" class="plain" onClick={toggle} aria-expanded="true" aria-label="Close the code">
            ×
          </button>
        </div>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <pre tabIndex={0}>
        {facts[shown].split("\n").map((line) => (
          <span class="line">{isFirst || old.has(line) ? line : <mark>{line}</mark>}</span>
        ))}
      </pre>
    </aside>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="plain" onClick={copy}>
      {copied ? "Copied" : "Copy"}
    </button>
  );
}
