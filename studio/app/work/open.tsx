// The ways to open something: a path of this machine, a generated set.
import { useState } from "preact/hooks";
import type { ProjectFacts } from "../../contract/facts.js";
import { goTo } from "../frame/address.ts";
import { know, sentenceOf, welcome } from "../frame/store.ts";
import { host } from "../host/index.js";

const SETS = [
  ["hanzi", "Generated handwriting"],
  ["hail", "Generated hail damage"],
] as const;

export function OpenPanel() {
  const [path, setPath] = useState("");
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState<string>();
  const open = async (what: string, bring: () => Promise<ProjectFacts>): Promise<void> => {
    setBusy(what);
    setError(undefined);
    try {
      const project = know(await bring());
      goTo(["work", project.id, "data"]);
    } catch (failure) {
      setError(sentenceOf(failure));
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div class="stack">
      {welcome.value?.place === "local" && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            open(path, async () => (await host()).call("open", { path }));
          }}
        >
          <input
            type="text"
            aria-label="Path of a folder, a manifest or a zip"
            placeholder={welcome.value.roots[0]}
            value={path}
            onInput={({ currentTarget }) => setPath(currentTarget.value)}
          />
          <button type="submit" disabled={path === "" || busy !== undefined}>
            Open
          </button>
        </form>
      )}
      <div class="row">
        {SETS.map(([name, title]) => (
          <button
            type="button"
            disabled={busy !== undefined}
            onClick={() => open(name, async () => (await host()).call("generate", { name }))}
          >
            {busy === name ? "Drawing ..." : title}
          </button>
        ))}
      </div>
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
