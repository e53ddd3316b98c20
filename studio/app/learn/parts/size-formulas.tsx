// The output's rows and columns as formulas with the current values put in; one line where both are the same.
import { sizeFormula, type Window } from "./window.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

interface Props {
  readonly window: Window;
  readonly input: Size;
  readonly output: Size;
}

export function SizeFormulas({ window, input, output }: Props) {
  const isSquare = input.height === input.width;
  return (
    <>
      <p>
        {isSquare ? "rows and columns" : "rows"}: {sizeFormula(window.rows)} = <strong>{output.height}</strong>
      </p>
      {!isSquare && (
        <p>
          columns: {sizeFormula(window.columns)} = <strong>{output.width}</strong>
        </p>
      )}
    </>
  );
}
