import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { Language } from "../../core/plan/plan.ts";
import type { SpeechProvider } from "./speech.ts";
import { runTool } from "./tool.ts";
import { splitAtQuiet, wavOf, wavSamples } from "./wav.ts";

/** Words a minute: slower than the program's own 175, for those who hear badly or know little Swedish. */
const speed = 150;
/** Languages whose voice has another name; all others are called by their own letters. */
const voices: Readonly<Record<string, string>> = { en: "en-gb" };
/** Between texts that are spoken in one go, ms: no sentence has a pause this long within. */
const pauseMs = 3_000;
const shortestPauseMs = 2_000;

/**
 * The voice of espeak-ng (Debian package of that name). The texts go in as data, never as part of a command.
 *
 * Starting the program costs more than a short text, so several are spoken in one go, with a long pause between, and taken apart there.
 * When that does not give as many sounds as texts, which is not known to happen, each is spoken by itself.
 */
export function espeak(program = "espeak-ng"): SpeechProvider {
  const run = async (args: readonly string[], text: string, language: string): Promise<Buffer> => {
    const voice = voices[language] ?? language;
    try {
      return await runTool(program, ["-v", voice, "-s", String(speed), ...args, "--stdin", "--stdout"], Buffer.from(text));
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      if (!/voice does not exist/.test(error.message)) throw error;
      throw noVoice(language, error);
    }
  };
  const speakEach = async (texts: readonly string[], language: string): Promise<Buffer[]> => {
    const sounds: Buffer[] = [];
    for (const text of texts) sounds.push(await run([], text, language));
    return sounds;
  };
  return {
    id: `espeak-ng ${speed}`,
    async languages() {
      const table = (await runTool(program, ["--voices"])).toString("utf8");
      // Pty Language Age/Gender VoiceName …, a voice a line.
      const known = table.split("\n").flatMap((line) => /^\s*\d+\s+([a-z]{2})(?=[\s-])/.exec(line)?.[1] ?? []);
      return new Set(known);
    },
    async speak(texts, language) {
      if (texts.length < 2) return speakEach(texts, language);
      const paragraphs = texts.map((text) => `<p>${escaped(text)}</p>`).join(`<break time="${pauseMs}ms"/>`);
      const sound = wavSamples(await run(["-m"], `<speak>${paragraphs}</speak>`, language));
      const parts = splitAtQuiet(sound, shortestPauseMs);
      return parts.length === texts.length ? parts.map((part) => wavOf(part, sound.rate)) : speakEach(texts, language);
    },
  };
}

/** Nothing speaks this language. */
export function noVoice(language: Language, cause?: KontaktlotsError): KontaktlotsError {
  const what = `espeak-ng has no voice for the language ${language}.`;
  return new KontaktlotsError("PROMPT_FAILED", what, "Put a recording beside the text.", { language }, cause);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
