// Placeholder until a study is given.
export function StudyTrials() {
  return null;
}
