/** Names of a call's timers. */
export const menuTimer = (call: string): string => `menu:${call}`;
export const placeTimer = (call: string): string => `place:${call}`;
export const ringTimer = (call: string): string => `ring:${call}`;
export const outsideTimer = (call: string): string => `outside:${call}`;
export const rungTimer = (call: string): string => `rung:${call}`;
/** When a caller whose language nobody free speaks is to be asked what they prefer. */
export const speakersTimer = (call: string): string => `speakers:${call}`;
export const secondLineTimer = (group: string): string => `second-line:${group}`;
/** When a callback's group opens or closes, or the next attempt is due. */
export const callbackTimer = (call: string): string => `callback:${call}`;
export const endTimer = (call: string): string => `end:${call}`;

/** After this long without the end we asked for, it is asked for again; a channel that does not exist ends by that, ms. */
export const lookAfterMs = 3_000;
