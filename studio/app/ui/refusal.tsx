// A sentence that says why something could not be done; screen readers say it at once.
interface Props {
  readonly sentence: string | undefined;
  /** True in a row of buttons, where no paragraph may stand. */
  readonly isInline?: boolean;
}

export function Refusal({ sentence, isInline = false }: Props) {
  if (sentence === undefined) return null;
  const Element = isInline ? "span" : "p";
  return (
    <Element class="error" role="alert">
      <bdi>{sentence}</bdi>
    </Element>
  );
}
