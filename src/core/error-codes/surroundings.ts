// Codes for what lies around the work: the machine, its files, servers and services.
import type { ErrorCodeFacts } from "./facts.js";

export const MACHINE = {
  "out-of-memory-bound": {
    meaning: "The work needs more memory than is allowed or there is.",
    cause: "The batch, the images or the network are too large for the bound, which is checked before memory is taken.",
    fix: "Use a smaller batch, smaller images or fewer channels, or raise `--memory`.",
  },
  "too-large": {
    meaning: "A file, an image or a list is larger than is read.",
    cause: "A limit protects from files that would take all memory or time.",
    fix: "Split it, make it smaller, or raise the limit where the message names one.",
  },
  "disk-full": {
    meaning: "The disk has no room left.",
    cause: "Space or the quota is used up.",
    fix: "Free some space and run the same command again.",
  },
  "unsupported-engine": {
    meaning: "This Node or browser lacks something that the work needs.",
    cause: "It is too old, was started with WebAssembly turned off, or is a browser, which has no disk.",
    fix: "Use a newer one, or the way that the message names.",
  },
  "worker-failed": {
    meaning: "A thread could not be started, or ended unexpectedly.",
    cause: "The system ran out of memory or threads.",
    fix: "Try fewer threads, and close other programs.",
  },
  "package-missing": {
    meaning: "A package that is installed beside Fovea when needed is missing, or of an unknown version.",
    cause: "It is optional, and was not installed on this machine.",
    fix: "Install it with the `npm install` that the message shows.",
  },
  "program-failed": {
    meaning: "A module of yours could not be loaded or lacks the expected exports.",
    cause: "It has a mistake, is TypeScript for an older Node, or lacks its default export.",
    fix: "Correct the module as the message says.",
  },
  "in-use": {
    meaning: "Another process is at work on the same thing.",
    cause: "Another process writes the run, the file or the trial, or a buffer is still needed.",
    fix: "Wait until it ends, or choose another name.",
  },
  interrupted: {
    meaning: "The work was stopped from outside.",
    cause: "Ctrl-C, a signal, or the button that stops it.",
    fix: "Run the same command again; the message names the files that were saved.",
  },
  "damaged-installation": {
    meaning: "A file of Fovea itself is missing or damaged.",
    cause: "The package was installed or built in part.",
    fix: "Install it anew, or run `npm run build`.",
  },
  "internal-mistake": {
    meaning: "The mistake is Fovea's own.",
    cause: "A fault of the program that its checks found.",
    fix: "Please report it, with the output of `fovea --version --json`.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const FILES = {
  "not-found": {
    meaning: "There is no such file or folder.",
    cause: "The path is misspelt, relative to another folder, or the file was moved.",
    fix: "Give the path of something that is there.",
  },
  "wrong-file-kind": {
    meaning: "A folder stands where a file is expected, or the other way round.",
    cause: "The path leads one step too far or not far enough, or names a pipe or device.",
    fix: "Give the kind that the message names.",
  },
  "file-access": {
    meaning: "The system refuses to read or write a file.",
    cause: "A right is missing, the disk is read-only, or its links or names cannot be followed.",
    fix: "Give yourself the right, or choose another folder.",
  },
  "already-exists": {
    meaning: "Something of that name is there, and is not overwritten.",
    cause: "An earlier command made it.",
    fix: "Choose another name, or remove it first.",
  },
  "file-changed": {
    meaning: "A file differs from the one that was noted or read.",
    cause: "It was changed, cut or replaced since.",
    fix: "Bring the earlier file back, or begin anew.",
  },
  "damaged-file": {
    meaning: "A file of a known format is cut short or contradicts itself.",
    cause: "A copy or a download broke off, or a program wrote it wrongly.",
    fix: "Get another copy of it.",
  },
  "malformed-file": {
    meaning: "A text file breaks the rules of its format (JSON, YAML, XML, CSV, UTF-8).",
    cause: "A quote, a bracket or a field is missing, or it was saved in another encoding.",
    fix: "Correct the line that the message names.",
  },
  "wrong-field": {
    meaning: "A field of a file is missing or has a value that it cannot have.",
    cause: "The file was edited by hand, or is of another kind or version.",
    fix: "Correct the field that the message names.",
  },
  "unknown-format": {
    meaning: "A file or folder is of no format that is read or written here.",
    cause: "Its content or the end of its name is another than is expected.",
    fix: "Give a file of one of the formats that the message names.",
  },
  "unsupported-feature": {
    meaning: "A format is known, and this part or version of it is not.",
    cause: "A newer or rarer program wrote the file.",
    fix: "Save it in the plainer form that the message names.",
  },
  "unsafe-path": {
    meaning: "A name in a file leads out of its folder.",
    cause: "A path has `..` in it or begins at the root; nothing outside is touched.",
    fix: "Rename the entry, or put the file beside the others.",
  },
  "signature-mismatch": {
    meaning: "A signature is not that of the text that it stands under.",
    cause: "The text was changed after it was signed, or another key signed it.",
    fix: "Ask for the original.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export const NETWORK = {
  unreachable: {
    meaning: "A server gives no answer, or the connection broke.",
    cause: "There is no connection, or the server is down.",
    fix: "Check the connection and run the same command again.",
  },
  "server-refused": {
    meaning: "A server answered with something else than the request asked for.",
    cause: "The address is wrong, or the right to read it is missing.",
    fix: "Check the address and the right, or try again later.",
  },
  "not-allowed": {
    meaning: "This is refused until an option allows it.",
    cause: "An address, a folder or a site lies outside of the opened folders.",
    fix: "Allow it with the option that the message names, if you mean it.",
  },
  unauthorized: {
    meaning: "A request lacks the service's token, or has a wrong one.",
    cause: "The header `Authorization: Bearer TOKEN` is missing.",
    fix: "Send the token that the service was started with.",
  },
  overloaded: {
    meaning: "A service has as much work as it takes, or is ending.",
    cause: "Too many samples wait already.",
    fix: "Try again after the seconds in `Retry-After`.",
  },
  "timed-out": {
    meaning: "There was no answer in time.",
    cause: "The request is too large for its deadline, or the caller has gone.",
    fix: "Send fewer samples, or allow more time.",
  },
  "port-refused": {
    meaning: "A port or an address cannot be listened at.",
    cause: "Another program has it, or it is not this machine's.",
    fix: "Choose another with `--port` or `--host`.",
  },
} as const satisfies Record<string, ErrorCodeFacts>;
