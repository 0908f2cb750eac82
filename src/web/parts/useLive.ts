import { useEffect, useState } from "react";
import { Live, type LiveOptions } from "../client/live.ts";
import { useStore } from "../client/store.ts";

/** The page's live link, open as long as the component stands. */
export function useLive(options: LiveOptions = {}) {
  const [live] = useState(() => new Live(options));
  useEffect(() => {
    live.open();
    return () => live.close();
  }, [live]);
  return { live, state: useStore(live) };
}
