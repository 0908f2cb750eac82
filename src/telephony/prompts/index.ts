export { AnnouncementSounds, type AnnouncementSource } from "./announcements.ts";
export { checkPrompts } from "./check.ts";
export { espeak } from "./espeak.ts";
export { preparePrompts } from "./store.ts";
