// A storage of studies by its URL, as `fovea tune` takes it.
import { useId, useState } from "preact/hooks";
import { sentenceOf } from "../../frame/sentence.ts";
import { host } from "../../host/index.js";
import { Outcome, type Said } from "../../ui/outcome.tsx";

export function OpenStorage({ onOpened }: { readonly onOpened: () => void }) {
  const id = useId();
  const [storage, setStorage] = useState("");
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said>();
  const open = async (): Promise<void> => {
    setBusy(true);
    setSaid(undefined);
    try {
      const { studies } = await (await host()).call("openStorage", { storage });
      const count = studies.length === 1 ? "1 study" : `${studies.length} studies`;
      setSaid({ sentence: `${count} opened`, isError: false });
      setStorage("");
      onOpened();
    } catch (failure) {
      setSaid({ sentence: sentenceOf(failure), isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="stack open-storage"
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <label for={id}>Open another storage</label>
      <div class="row">
        <input
          id={id}
          type="text"
          spellcheck={false}
          placeholder="journal://studies/cnn/journal.log"
          value={storage}
          onInput={({ currentTarget }) => setStorage(currentTarget.value)}
        />
        <button type="submit" disabled={busy || storage.trim() === ""}>
          Open
        </button>
      </div>
      <small>
        journal://FILE, sqlite:///FILE, postgresql://... or memory://, of Fovea or of Optuna, read and never changed.
      </small>
      <Outcome said={said} />
    </form>
  );
}
