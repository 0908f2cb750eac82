import { Mic, Play, Square, X } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Label, TextArea, TextField } from "react-aria-components";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { languageName } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import { asWav, type Recording, record } from "./recording.ts";

/** What is said in one language: a text, or a recording that goes before it. */
export interface Said {
  readonly text: string;
  /** As the server named it. */
  readonly recording?: string | undefined;
  /** What was recorded, for listening. */
  readonly sound?: Blob | undefined;
}

interface LanguagePartProps {
  readonly language: string;
  readonly value: Said | undefined;
  /** What is not named stays. */
  readonly onChange: (part: Partial<Said>) => void;
  readonly required?: boolean;
}

/** One language's part of an announcement: written, or recorded here, or a sound file; and listened to. */
export function LanguagePart({ language, value = { text: "" }, onChange, required = false }: LanguagePartProps) {
  const { t, language: shown } = useText();
  const [problem, setProblem] = useState<string | null>(null);
  const [running, setRunning] = useState<Recording | null>(null);
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const fileId = useId();
  const name = languageName(language, shown);

  const attempt = async (what: () => Promise<void>) => {
    setProblem(null);
    setBusy(true);
    try {
      await what();
    } catch (thrown) {
      setProblem(thrown instanceof DOMException ? soundProblem(thrown) : codeOf(thrown));
    }
    setBusy(false);
  };
  const listen = () =>
    attempt(async () => {
      const sound = value.sound ?? (await api.previewAnnouncement({ language, text: value.text.trim() }));
      const url = URL.createObjectURL(sound);
      const player = new Audio(url);
      player.onended = () => URL.revokeObjectURL(url);
      await player.play();
    });
  const keep = async (sound: Blob) => {
    const wav = await asWav(sound);
    const { recording } = await api.keepRecording(wav);
    onChange({ recording, sound: wav });
  };
  const start = () => attempt(async () => setRunning(await record()));
  const stop = () =>
    attempt(async () => {
      setRunning(null);
      if (running) await keep(await running.stop());
    });
  const discard = () => onChange({ recording: undefined, sound: undefined });

  const recorded = value.recording !== undefined;
  return (
    <div className="stack tight language-part">
      <TextField
        className="field"
        value={value.text}
        onChange={(text) => onChange({ text })}
        isRequired={required && !recorded}
        isDisabled={recorded}
        maxLength={1000}
      >
        <Label>{t("crisis.textIn", { language: name })}</Label>
        <TextArea rows={required ? 4 : 2} lang={language} dir="auto" />
      </TextField>
      {recorded && <p role="status">{t("crisis.recordingKept")}</p>}
      <div className="row">
        <Button
          icon={<Play className="icon" aria-hidden="true" />}
          isDisabled={busy || (!recorded && value.text.trim() === "")}
          onPress={() => void listen()}
          aria-label={t("crisis.listenIn", { language: name })}
        >
          {t("crisis.listen")}
        </Button>
        {running === null && !recorded && (
          <Button
            icon={<Mic className="icon" aria-hidden="true" />}
            isDisabled={busy}
            onPress={() => void start()}
            aria-label={t("crisis.recordIn", { language: name })}
          >
            {t("crisis.record")}
          </Button>
        )}
        {running !== null && (
          <Button icon={<Square className="icon" aria-hidden="true" />} onPress={() => void stop()}>
            {t("crisis.stop")}
          </Button>
        )}
        {running === null && !recorded && (
          <>
            <Button isDisabled={busy} onPress={() => file.current?.click()} aria-label={t("crisis.fileIn", { language: name })}>
              {t("crisis.file")}
            </Button>
            <label className="hidden-text" htmlFor={fileId}>
              {t("crisis.fileIn", { language: name })}
            </label>
            <input
              ref={file}
              id={fileId}
              type="file"
              accept="audio/*"
              className="hidden-text"
              tabIndex={-1}
              onChange={({ target }) => {
                const [chosen] = target.files ?? [];
                if (chosen) void attempt(() => keep(chosen));
                target.value = "";
              }}
            />
          </>
        )}
        {recorded && (
          <Button icon={<X className="icon" aria-hidden="true" />} onPress={discard}>
            {t("crisis.discard")}
          </Button>
        )}
      </div>
      {problem !== null && <ErrorNotice code={problem} />}
    </div>
  );
}

/** What the browser says of microphones and sound files, as our codes. */
function soundProblem({ name }: DOMException): string {
  if (name === "NotAllowedError") return "MICROPHONE_REFUSED";
  if (name === "NotFoundError") return "MICROPHONE_MISSING";
  return name === "NotReadableError" ? "MICROPHONE_BUSY" : "PROMPT_FAILED";
}
