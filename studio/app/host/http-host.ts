// The workbench in the program of Node that served the page: calls as requests, news as server-sent events.
import type { News } from "../../contract/facts.js";
import type { Host } from "./host.js";

export const httpHost: Host = {
  async call(name, input) {
    const response = await fetch(`api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(input),
    }).catch(() => undefined);
    if (response === undefined) throw new Error("the Studio's program does not answer; start `fovea studio` again");
    const text = await response.text();
    if (!response.headers.get("content-type")?.startsWith("application/json")) throw new Error(text);
    const answered = JSON.parse(text);
    if (typeof answered.error === "string") throw new Error(answered.error);
    return answered.value;
  },
  picture: (project, index) => `picture/${encodeURIComponent(project)}/${index}`,
  listen(listener) {
    const stream = new EventSource("api/news");
    stream.addEventListener("message", ({ data }) => listener(JSON.parse(data) as News));
    return () => stream.close();
  },
};
