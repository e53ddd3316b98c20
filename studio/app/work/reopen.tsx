// A project of an address that is not open: it was before, so it is opened again.
import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "../frame/sentence.ts";
import { know } from "../frame/store.ts";
import { host } from "../host/index.js";
import { Opening } from "../ui/opening.tsx";
import { Refusal } from "../ui/refusal.tsx";
import { Home } from "./home.tsx";

export function Reopen({ id }: { readonly id: string }) {
  const [error, setError] = useState<string>();
  useEffect(() => {
    let isCurrent = true;
    setError(undefined);
    host()
      .then((connection) => connection.call("project", { project: id }))
      .then(know, (failure) => isCurrent && setError(sentenceOf(failure)));
    return () => {
      isCurrent = false;
    };
  }, [id]);
  if (error === undefined) return <Opening title="Work" />;
  return (
    <>
      <Refusal sentence={error} />
      <Home />
    </>
  );
}
