// The page that `fovea deploy` writes: reads its settings, starts its engine, and shows what the model takes.
import type { CardFacts, PageSettings } from "fovea/experiment";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../frame/sentence.ts";
import "../frame/tokens.css";
import "../frame/base.css";
import { ThemeButton } from "../frame/theme.tsx";
import { Refusal } from "../ui/refusal.tsx";
import { CardView } from "./card-view.tsx";
import "./deployed.css";
import { type Engine, startEngine } from "./engine.ts";
import { keepOffline } from "./offline.ts";
import { readPart, readText } from "./parts.ts";
import { Photos } from "./photos.tsx";
import { describe, Provenance } from "./provenance.tsx";
import { Rows } from "./rows.tsx";

interface Opened {
  readonly settings: PageSettings;
  readonly card: CardFacts | undefined;
}

/** JSON has no infinite cost, so that costs of a look say it in a word. */
const revive = (_: string, value: unknown): unknown => (value === "Infinity" ? Number.POSITIVE_INFINITY : value);

async function open(): Promise<Opened> {
  const settings: PageSettings = JSON.parse(await readText("settings"), revive);
  const card = await readPart("card");
  return { settings, card: card && JSON.parse(new TextDecoder().decode(card)) };
}

function DeployedPage() {
  const [opened, setOpened] = useState<Opened>();
  const [engine, setEngine] = useState<Engine>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    const begin = async (): Promise<void> => {
      const found = await open();
      setOpened(found);
      document.title = found.settings.name;
      if (found.settings.form === "folder") keepOffline();
      setEngine(await startEngine(found.settings));
    };
    begin().catch((failure: unknown) => setError(sentenceOf(failure)));
  }, []);
  return (
    <>
      <header class="deployed-head">
        <div>
          <h1>
            <bdi>{opened?.settings.name ?? "Opening ..."}</bdi>
          </h1>
          <p class="muted">{engine === undefined ? "The model is being opened." : describe(engine.facts)}</p>
        </div>
        <ThemeButton />
      </header>
      <main class="stack">
        <Refusal sentence={error} />
        {opened !== undefined &&
          engine !== undefined &&
          (engine.facts.table === undefined ? (
            <Photos engine={engine} settings={opened.settings} />
          ) : (
            <Rows engine={engine} settings={opened.settings} table={engine.facts.table} />
          ))}
        {opened?.card !== undefined && <CardView card={opened.card} />}
      </main>
      {opened !== undefined && <Provenance settings={opened.settings} />}
    </>
  );
}

render(<DeployedPage />, document.getElementById("app")!);
