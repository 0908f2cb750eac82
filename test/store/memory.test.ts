import t from "tap";
import { openMemoryLog } from "../../src/store/memory.ts";
import { eventLogConformance } from "./event-log-conformance.ts";

eventLogConformance(t, { open: async () => openMemoryLog() });
