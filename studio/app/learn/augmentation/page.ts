// The page of augmentation as the lecture's table takes it.
import type { LearnPage } from "../pages.ts";
import { codeOf } from "./code.ts";
import { Augmentation, different } from "./stage.tsx";
import { layersOf, settingsOf, VARIANTS } from "./state.ts";

export const page: LearnPage = {
  Stage: Augmentation,
  challenges: [
    {
      id: "still-readable",
      task: "Vary a written character so that it stays the same character: turned by at most 15°, never flipped, but all sixteen different.",
      isSolved: (state) => {
        const { rotation, flip } = settingsOf(state);
        return flip === "none" && rotation > 0 && rotation * 360 <= 15 && different.value === VARIANTS;
      },
    },
    {
      id: "corners",
      task: "Make corners appear that no camera would have taken: turn by up to an eighth of a turn or more, with black outside of the picture.",
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
        return !settings.training && layersOf(settings).length > 0 && different.value === 1;
      },
    },
  ],
  code: codeOf,
};
