// Contracts of backends, storages, samplers and formats, as cases for any test runner. Programs import it as "fovea/testing".
export { type BackendContractOptions, backendContract } from "./backend/suite.js";
export { ContractBroken, type ContractCase } from "./contract.js";
export { formatContract, type ModelFormat } from "./format.js";
export { type SamplerKind, samplerContract } from "./sampler.js";
export { type SharedStorage, storageContract } from "./storage.js";
