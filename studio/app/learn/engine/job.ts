// A job of the worker of the lecture's pages: takes plain data, computes with the public package and gives plain data.
// `tell` sends progress; `signal` says that nobody waits any more.
export type Job<Input, Output, Progress = never> = (
  input: Input,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Output>;
