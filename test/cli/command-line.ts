// What a test file says to its host of commands, and what the host says at the end of each.

export interface CommandLine {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What stands behind the output of a command, on stdout and on stderr: the exit code between two zero characters. */
export const END = /\0(\d+)\0$/;
