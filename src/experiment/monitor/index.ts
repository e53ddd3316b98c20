// The face of monitoring: new images and decisions compared with the test images of a run.
export { isDecisionLog, type MonitorOptions, monitorRun, USUAL_FALSE_ALARMS } from "./monitor.js";
