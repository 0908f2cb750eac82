/** The languages in which the city helps its callers: those an agent may set in the profile. ISO 639-1. */
export const agentLanguages = ["sv", "en", "fi", "ar", "so", "fa", "es", "pl", "tr", "ku"] as const;
