import { useEffect, useState } from "react";
import type { PhoneReply } from "../../../api/contract.ts";
import { api } from "../../client/http.ts";
import { Live } from "../../client/live.ts";
import { useStore } from "../../client/store.ts";
import { Softphone } from "../../phone/softphone.ts";

/** The telephone and the text line of its call, which belong together by the reply's tag. */
export function useTelephone(reply: PhoneReply, onRenewed: (reply: PhoneReply) => void) {
  const [{ live, phone }] = useState(() => {
    let unused: PhoneReply | null = reply;
    // The reply at hand serves the first start; after a lost line a new one is asked for, in case the secrets have changed.
    const credentials = async () => {
      const [mine] = [unused];
      unused = null;
      if (mine !== null) return mine;
      const fresh = await api.demoPhone();
      onRenewed(fresh);
      return fresh;
    };
    return {
      live: new Live(reply.tag === undefined ? {} : { tag: reply.tag }),
      phone: new Softphone({ credentials, register: false, audio: new Audio() }),
    };
  });
  useEffect(() => {
    live.open();
    phone.start();
    return () => {
      live.close();
      void phone.stop();
    };
  }, [live, phone]);

  const call = (number: string) => phone.call(number, reply.tag === undefined ? [] : [`X-Kontaktlots-Tag: ${reply.tag}`]);
  return { live: useStore(live), phone: useStore(phone), call };
}
