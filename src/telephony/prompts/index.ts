export { checkPrompts } from "./check.ts";
export { espeak } from "./espeak.ts";
export { preparePrompts } from "./store.ts";
export { type AnnouncementSource, AnnouncementSounds } from "./announcements.ts";
