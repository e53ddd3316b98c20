// The Studio's page: mounts the frame. The view follows from the address.
import { render } from "preact";
import "./frame/tokens.css";
import "./frame/base.css";
import "./frame/frame.css";
import { Frame } from "./frame/frame.tsx";
import { keepOffline } from "./frame/offline.ts";

render(<Frame />, document.getElementById("app")!);
keepOffline();
