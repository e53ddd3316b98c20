// A sentence about what came of something that somebody asked for: that it is done, or why it could not be.
export interface Said {
  readonly sentence: string;
  readonly isError: boolean;
}

export function Outcome({ said }: { readonly said: Said | undefined }) {
  if (said === undefined) return null;
  return (
    <small class={said.isError ? "error" : ""} role={said.isError ? "alert" : "status"}>
      {said.sentence}
    </small>
  );
}
