// The facts that make two studies the same: everything but dates, owners and the storage's ids.
export { factsOf } from "../../src/testing/objectives.js";
