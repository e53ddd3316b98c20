// Contracts of what others may write for Fovea, as cases for any runner of tests. Programs import it as "fovea/testing".
export { type BackendContractOptions, backendContract } from "./backend/suite.js";
export { ContractBroken, type ContractCase } from "./contract.js";
export { formatContract, type ModelFormat } from "./format.js";
export { type SamplerKind, samplerContract } from "./sampler.js";
export { type SharedStorage, storageContract } from "./storage.js";
