import { useEffect, useState } from "react";
import { api } from "../../client/http.ts";
import { Live } from "../../client/live.ts";
import { useStore } from "../../client/store.ts";
import { Ringer } from "../../phone/ringer.ts";
import { Softphone } from "../../phone/softphone.ts";
import { Desk } from "./desk.ts";
import { situationOf } from "./situation.ts";

/** The parts of one desk, made once and wired here. */
function makeParts() {
  const live = new Live({ phone: true });
  const phone = new Softphone({ credentials: api.agentPhone, register: true, audio: new Audio() });
  return { live, phone, desk: new Desk(live, phone), ringer: new Ringer() };
}

/**
 * Everything the desk's page shows and does. The telephone is started when the server has let this tab have it (its first word
 * comes), and lets go when another tab takes it.
 */
export function useDesk() {
  const [{ live, phone, desk, ringer }] = useState(makeParts);
  const liveState = useStore(live);
  const phoneState = useStore(phone);
  const deskState = useStore(desk);
  const soundBlocked = useStore(ringer.blocked);
  const situation = situationOf(liveState, phoneState);

  useEffect(() => {
    desk.open();
    ringer.open();
    live.open();
    void desk.testMicrophone();
    return () => {
      live.close();
      desk.close();
      void phone.stop();
      ringer.close();
    };
  }, [live, phone, desk, ringer]);

  const mine = liveState.line !== null && !liveState.taken && liveState.refusal === null;
  useEffect(() => {
    if (mine) phone.start();
    else void phone.stop();
  }, [mine, phone]);

  const ringing = situation.phase === "ringing" && situation.talk !== null;
  useEffect(() => {
    if (ringing) ringer.start();
    else ringer.stop();
  }, [ringing, ringer]);

  const talking = situation.talk !== null && situation.phase !== "ringing";
  useEffect(() => {
    if (!talking) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [talking]);

  const take = () => live.open({ take: true });
  return { live: liveState, phone: phoneState, desk: deskState, situation, soundBlocked, take, act: desk };
}

export type DeskParts = ReturnType<typeof useDesk>;
