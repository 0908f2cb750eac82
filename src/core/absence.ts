/** Why an officer is not there, as the directory has it. */
export const absences = ["busy", "away", "meeting", "lunch", "leave", "ill", "travel", "gone-home"] as const;
export type Absence = (typeof absences)[number];
