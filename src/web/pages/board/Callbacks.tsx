import { useState } from "react";
import type { CallbackView } from "../../../engine/views.ts";
import { api, codeOf } from "../../client/http.ts";
import { Button } from "../../parts/Button.tsx";
import { ErrorNotice } from "../../parts/Notice.tsx";
import { SplitTable } from "../../parts/SplitTable.tsx";
import { timeOf } from "../../text/format.ts";
import { useText } from "../../text/text.ts";

/** More of them than this stand in two columns. */
const many = 8;

/** Citizens who are to be rung back, in the order of their places, and those who were not reached; a team lead may call one off. */
export function Callbacks({ callbacks, canCancel }: { callbacks: readonly CallbackView[]; canCancel: boolean }) {
  const { t, pick, language } = useText();
  const [problem, setProblem] = useState<string | null>(null);
  const cancel = async (call: string) => {
    try {
      await api.cancelCallback(call);
      setProblem(null);
    } catch (thrown) {
      setProblem(codeOf(thrown));
    }
  };
  return (
    <section aria-labelledby="callbacks" className="board-callbacks">
      <h2 id="callbacks">{t("board.callbacks.heading")}</h2>
      {problem !== null && <ErrorNotice code={problem} />}
      <SplitTable
        most={many}
        caption={t("board.callbacks.heading")}
        hideCaption
        rows={callbacks}
        rowKey={({ call }) => call}
        columns={[
          { key: "number", title: t("board.callbacks.number"), head: true, cell: ({ number }) => `… ${number}` },
          { key: "group", title: t("board.group"), cell: ({ group }) => pick(group) },
          { key: "attempts", title: t("board.callbacks.attempts"), figure: true, cell: ({ attempts }) => attempts },
          {
            key: "state",
            title: t("board.callbacks.state"),
            cell: ({ state, at }) => t(`board.callbacks.${state}`, { time: timeOf(at, language) }),
          },
          ...(canCancel
            ? [
                {
                  key: "cancel",
                  title: t("board.callbacks.action"),
                  cell: ({ call, number, open }: CallbackView) =>
                    open && (
                      <Button onPress={() => void cancel(call)} aria-label={t("board.callbacks.cancelOne", { number })}>
                        {t("board.callbacks.cancel")}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
    </section>
  );
}
