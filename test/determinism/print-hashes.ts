// Prints the hashes of the same-bits tests, for another Node to run.
import { trainSmall } from "./train-small.js";

console.log(await trainSmall(2));
