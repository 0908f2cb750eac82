import { clipsOf, type Said } from "../speech/said.ts";
import type { Call, CoreState, Turn } from "../state.ts";

/** What the caller hears: at most one of prompts and music at a time, never both, and neither in a bridge. */

/** Speaks prompts and values in the call's language; what was being heard stops, unless nothing of all this can be said. */
export function say(turn: Turn, call: Call, said: readonly Said[]): void {
  const prompts = said.flatMap(clipsOf);
  if (prompts.length === 0) return;
  quiet(turn, call);
  call.playbacks += 1;
  call.playback = { n: call.playbacks, prompts };
  turn.effects.push({ do: "play", call: call.id, playback: call.playbacks, prompts, language: call.language });
  turn.facts.push({ at: turn.at, type: "call.said", call: call.id, prompts, language: call.language });
}

export function startMusic(turn: Turn, call: Call): void {
  if (call.music) return;
  quiet(turn, call);
  call.music = true;
  turn.effects.push({ do: "music", call: call.id, on: true });
}

/** A soft sound for who is to press a key: Asterisk sends nothing at all after a prompt, and some networks end a silent call. */
export function startBed(turn: Turn, call: Call): void {
  if (call.music) return;
  quiet(turn, call);
  call.music = true;
  turn.effects.push({ do: "music", call: call.id, on: true, bed: true });
}

/** Ends prompts and music. */
export function quiet(turn: Turn, call: Call): void {
  if (call.playback) {
    turn.effects.push({ do: "stop-play", call: call.id, playback: call.playback.n });
    delete call.playback;
  }
  if (call.music) {
    turn.effects.push({ do: "music", call: call.id, on: false });
    call.music = false;
  }
}

/** Whether this end belongs to what is being spoken now, and not to something already stopped. */
export function spoken(core: CoreState, id: string, playback: number): Call | undefined {
  const call = core.calls.get(id);
  if (!call?.playback || call.playback.n !== playback) return undefined;
  delete call.playback;
  return call;
}
