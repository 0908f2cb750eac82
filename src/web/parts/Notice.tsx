import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../text/text.ts";

interface NoticeProps {
  /** `wrong`: something is broken; `waiting`: the person should do something; `plain`: good to know. */
  readonly kind: "wrong" | "waiting" | "plain";
  readonly children: ReactNode;
  /** Buttons beside the words. */
  readonly actions?: ReactNode;
  /** Spoken at once by screen readers; for what happens while the person works. */
  readonly spoken?: boolean;
}

const icons = { wrong: CircleAlert, waiting: TriangleAlert, plain: Info };

/** A sentence the person needs now: an icon and an edge in the colour of its meaning, and words. */
export function Notice({ kind, children, actions, spoken = false }: NoticeProps) {
  const Icon = icons[kind];
  return (
    <div className={`notice ${kind}`} role={spoken ? "alert" : undefined}>
      <Icon className="icon" aria-hidden="true" />
      <div className="notice-words">{children}</div>
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}

/** A coded error: what happened and what it means, what to do, and the code to report. */
export function ErrorNotice({
  code,
  actions,
  kind = "wrong",
}: {
  code: string;
  actions?: ReactNode;
  kind?: "wrong" | "waiting";
}) {
  const { t, tError } = useText();
  const { what, mend } = tError(code);
  return (
    <Notice kind={kind} actions={actions} spoken>
      <p>
        {what} {mend}
      </p>
      <p className="small">{t("code", { code })}</p>
    </Notice>
  );
}
