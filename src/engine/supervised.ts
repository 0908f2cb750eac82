/** What an engine tells the supervisor that started it. A pulse every 100 ms says that the loop turns. */
export type EngineWord =
  | "pulse"
  | "serving"
  | { readonly failed: { readonly code: string; readonly message: string; readonly mend: string } };

export const pulseEveryMs = 100;

export function tellSupervisor(word: EngineWord): void {
  if (process.connected) process.send?.(word);
}
