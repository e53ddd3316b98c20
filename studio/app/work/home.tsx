// Home: three doors, and what was opened before.
import { linkTo } from "../frame/address.ts";
import { projects } from "../frame/store.ts";
import { OpenPanel } from "./open.tsx";
import { ProjectCard } from "./project-card.tsx";
import "./work.css";

export function Home() {
  return (
    <div class="stack home">
      <h1>Fovea Studio</h1>
      <p class="muted">From photos to a model that you understand. Nothing leaves this machine.</p>
      <div class="doors">
        <section class="card">
          <h2>Learn with the lecture</h2>
          <p>Images as numbers, convolution, pooling, networks, what they learn: pages to touch.</p>
          <a class="button primary" href={linkTo(["learn"])}>
            Learn
          </a>
        </section>
        <section class="card">
          <h2>Train on photos</h2>
          <p>Open a folder with one folder per class, a manifest or a zip; or begin with a generated set.</p>
          <OpenPanel />
        </section>
      </div>
      {projects.value.length > 0 && (
        <section>
          <h2>Projects</h2>
          <div class="projects">
            {projects.value.map((project) => (
              <ProjectCard key={project.id} project={project} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
