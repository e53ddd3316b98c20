// The page of augmentation as the lecture's table takes it.
import type { LearnPage } from "../pages.ts";
import type { State } from "../parts/among.ts";
import { codeOf } from "./code.ts";
import { Augmentation, drawn } from "./stage.tsx";
import { layersOf, settingsOf, VARIANTS } from "./state.ts";

/** Number of different variants in this state, once they are drawn. */
const differentIn = (state: State): number | undefined => {
  const found = drawn.value;
  const isHere = JSON.stringify(found?.settings) === JSON.stringify(settingsOf(state));
  return isHere ? found?.different : undefined;
};

export const page: LearnPage = {
  Stage: Augmentation,
  challenges: [
    {
      id: "still-readable",
      task: "Vary a written character so that it stays the same character: turned by at most 15°, never flipped, but all sixteen different.",
      isSolved: (state) => {
        const { rotation, flip } = settingsOf(state);
        return flip === "none" && rotation > 0 && rotation * 360 <= 15 && differentIn(state) === VARIANTS;
      },
    },
    {
      id: "corners",
      task: "Make corners appear that no camera would have taken: allow an eighth of a turn or more, with black outside of the picture.",
      isSolved: (state) => {
        const { rotation, fill } = settingsOf(state);
        return rotation >= 0.125 && fill === "constant";
      },
    },
    {
      id: "prediction",
      task: "Leave the sliders where they are and make all sixteen the same again, as the network sees pictures when it is asked.",
      isSolved: (state) => {
        const settings = settingsOf(state);
        return !settings.training && layersOf(settings).length > 0 && differentIn(state) === 1;
      },
    },
  ],
  code: codeOf,
};
