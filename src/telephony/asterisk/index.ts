export { runCommand } from "./control.ts";
export { type Instance, prepareInstance, writeAgents } from "./instance.ts";
export type { AgentPhones, AsteriskLaunch, InstanceOptions } from "./options.ts";
export { type RunningAsterisk, reloadPhones, startAsterisk } from "./process.ts";
export { provision } from "./provision.ts";
