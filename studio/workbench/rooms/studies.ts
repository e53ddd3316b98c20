// Studies: those beside the runs and those of storages that were opened; started, watched, their trials as runs.
import { Studies, type StudyBench } from "../studies.js";
import type { Room } from "./room.js";

export function studyRoom(bench: StudyBench): Room<"studies", "study"> {
  const studies = new Studies(bench);
  return {
    handlers: studies.handlers,
    files: { study: async ({ study }) => studies.report(study) },
    close: () => studies.close(),
  };
}
