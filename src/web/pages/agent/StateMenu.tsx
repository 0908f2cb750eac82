import {
  ChevronDown,
  Circle,
  CirclePause,
  CirclePower,
  Headset,
  type LucideIcon,
  NotebookPen,
  PhoneIncoming,
} from "lucide-react";
import { useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Button as TriggerButton } from "react-aria-components";
import type { AgentCommandBody } from "../../../api/contract.ts";
import type { AgentStateName } from "../../../core/facts.ts";
import type { AgentView } from "../../../engine/views.ts";
import { useNow } from "../../client/clock.ts";
import { KeyCap } from "../../parts/KeyCap.tsx";
import { useShortcuts } from "../../parts/shortcuts.ts";
import { clockTime } from "../../text/format.ts";
import { useText } from "../../text/text.ts";
import type { DeskParts } from "./useDesk.ts";

/** What can be chosen, in the order of their digits. */
const choices = ["available", "lunch", "break", "meeting", "casework", "away", "sign-out"] as const;
type Choice = (typeof choices)[number];

const looks: Record<AgentStateName, { icon: LucideIcon; colour: string }> = {
  offline: { icon: CirclePower, colour: "soft" },
  available: { icon: Circle, colour: "free" },
  ringing: { icon: PhoneIncoming, colour: "waiting" },
  talking: { icon: Headset, colour: "talking" },
  "wrap-up": { icon: NotebookPen, colour: "waiting" },
  paused: { icon: CirclePause, colour: "waiting" },
};

/** The command behind a choice; signing out is more than a command. */
function commandOf(choice: Exclude<Choice, "sign-out">): AgentCommandBody {
  return choice === "available" ? { type: "available" } : { type: "pause", reason: choice };
}

/** The agent's state, how long it has lasted, and the menu that changes it: S, then a digit. */
export function StateMenu({ parts, onSignOut }: { parts: DeskParts; onSignOut: () => void }) {
  const { t } = useText();
  const now = useNow();
  const [open, setOpen] = useState(false);
  useShortcuts([{ key: "s", run: () => setOpen(true) }]);

  const { agent } = parts.live;
  const state = agent?.state ?? "offline";
  const { icon: Icon, colour } = looks[state];
  const name =
    state === "paused" && agent?.reason !== undefined
      ? t("agent.pausedFor", { reason: t(`agent.pause.${agent.reason}`) })
      : t(`agent.state.${state}`);

  const choose = (choice: Choice) => {
    setOpen(false);
    if (choice === "sign-out") onSignOut();
    else void parts.act.command(commandOf(choice));
  };
  const label = (choice: Choice) => {
    if (choice === "available") return t("agent.menu.available");
    return choice === "sign-out" ? t("agent.menu.signOut") : t(`agent.pause.${choice}`);
  };

  const nextName = (next: NonNullable<AgentView["next"]>) => {
    if (next === "available") return t("agent.menu.available");
    return next === "offline" ? t("agent.menu.signOut") : t(`agent.pause.${next}`);
  };

  return (
    <>
      <MenuTrigger isOpen={open} onOpenChange={setOpen}>
        <TriggerButton className="button state-button" aria-label={`${name}. ${t("agent.menu.open")}`}>
          <Icon className={`icon ${colour}`} aria-hidden="true" {...(state === "available" ? { fill: "currentColor" } : {})} />
          <span className={colour}>{name}</span>
          <ChevronDown className="icon" aria-hidden="true" />
          <KeyCap>S</KeyCap>
        </TriggerButton>
        <Popover className="popover" placement="bottom start">
          <div
            onKeyDownCapture={(event) => {
              const choice = choices[Number(event.key) - 1];
              if (choice === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
              event.preventDefault();
              event.stopPropagation();
              choose(choice);
            }}
          >
            <Menu className="menu" aria-label={t("agent.menu.open")} onAction={(key) => choose(key as Choice)}>
              {choices.map((choice, index) => (
                <MenuItem key={choice} id={choice} className="menu-item" textValue={label(choice)}>
                  <span>{label(choice)}</span>
                  <KeyCap>{index + 1}</KeyCap>
                </MenuItem>
              ))}
            </Menu>
          </div>
        </Popover>
      </MenuTrigger>
      {agent !== null && <span className="state-time">{clockTime(now - agent.since)}</span>}
      {agent?.next !== undefined && (
        <span className="soft small">
          {t("agent.menu.becomes", {
            what: nextName(agent.next),
          })}
        </span>
      )}
    </>
  );
}
