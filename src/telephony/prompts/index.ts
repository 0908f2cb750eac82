export { AnnouncementSounds, type AnnouncementSource, type AnnouncementSources } from "./announcements.ts";
export { checkPrompts } from "./check.ts";
export { completeLanguages, lacksOf, type Sounds } from "./complete.ts";
export { espeak } from "./espeak.ts";
export { listRecordings } from "./recordings.ts";
export { preparePrompts } from "./store.ts";
