// A page that is still being opened, or could not be: its heading stands from the first moment.
import { Refusal } from "./refusal.tsx";

interface Props {
  /** Heading of the page. */
  readonly title: string;
  readonly error?: string | undefined;
}

export const Opening = ({ title, error }: Props) => (
  <>
    <h1>{title}</h1>
    {error === undefined ? <p class="muted">Opening ...</p> : <Refusal sentence={error} />}
  </>
);
