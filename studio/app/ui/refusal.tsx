// A sentence that says why something could not be done; screen readers say it at once.
export function Refusal({ sentence }: { readonly sentence: string | undefined }) {
  return sentence === undefined ? null : (
    <p class="error" role="alert">
      <bdi>{sentence}</bdi>
    </p>
  );
}
