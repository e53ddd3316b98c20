// Words for a change of a label, as the journal has it.
/** A label, or that there is none, or that the image is left out. */
export const LabelWord = ({ label }: { readonly label: string | null }) =>
  label ? <bdi>{label}</bdi> : <i>{label === null ? "left out" : "no label"}</i>;

interface ByProps {
  readonly by: string | undefined;
  readonly why: string | undefined;
}

/** The name of the person who changed it and the reason, where the journal has them. */
export const ByAndWhy = ({ by, why }: ByProps) => (
  <>
    {[by, why].map(
      (text, at) =>
        text !== undefined && (
          <span key={at}>
            {" · "}
            <bdi>{text}</bdi>
          </span>
        ),
    )}
  </>
);
