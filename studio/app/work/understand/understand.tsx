// Understand: what a run's model gets right and wrong, and the images behind every figure.
import type { ViewProps } from "../work.tsx";

export function Understand({ project }: ViewProps) {
  return <p>A run of {project.name} shows here where it is right, where it is wrong, and why.</p>;
}
