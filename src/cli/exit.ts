// Exit codes of the process. `alarm` is that of a command which did its work and found what it watches for.
export const EXIT = { done: 0, failed: 1, usage: 2, alarm: 3 } as const;
