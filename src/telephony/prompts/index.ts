export { checkPrompts } from "./check.ts";
export { completeLanguages, lacksOf } from "./complete.ts";
export { espeak } from "./espeak.ts";
export { listRecordings } from "./recordings.ts";
export { preparePrompts } from "./store.ts";
