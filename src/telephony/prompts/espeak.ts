import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { SpeechProvider } from "./speech.ts";
import { runTool } from "./tool.ts";

/** Words a minute: slower than the program's own 175, for those who hear badly or know little Swedish. */
const speed = 150;
/** Languages whose voice has another name; all others are called by their own letters. */
const voices: Readonly<Record<string, string>> = { en: "en-gb" };

/** The voice of espeak-ng (Debian package of that name). The text goes in as data, never as part of a command. */
export function espeak(program = "espeak-ng"): SpeechProvider {
  return {
    id: `espeak-ng ${speed}`,
    async speak(text, language) {
      const voice = voices[language] ?? language;
      try {
        return await runTool(program, ["-v", voice, "-s", String(speed), "--stdin", "--stdout"], Buffer.from(text));
      } catch (thrown) {
        const error = asKontaktlotsError(thrown);
        if (!/voice does not exist/.test(error.message)) throw error;
        const what = `espeak-ng has no voice for the language ${language}.`;
        throw new KontaktlotsError("PROMPT_FAILED", what, "Put a recording beside the text.", { language }, error);
      }
    },
  };
}
