import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Test } from "tap";
import type { Fact } from "../../src/core/facts.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { Journal } from "./sip/journal.ts";
import type { TestSystem } from "./system.ts";

const lookEveryMs = 40;

/** The facts as they come to the log on disk, for any number of calls that are followed at the same time. */
export function followFacts(t: Test, sys: TestSystem): Journal<Fact> {
  const reader = openSqliteReader({ file: join(sys.stateDir, stateFiles.log) });
  const facts = new Journal<Fact>("facts", (fact) => fact.type);
  const over = new AbortController();
  const follow = async (): Promise<void> => {
    for (let after = 0; !over.signal.aborted; await delay(lookEveryMs)) {
      for await (const page of reader.read({ sort: "fact", after })) {
        for (const { json } of page) facts.add(JSON.parse(json) as Fact);
        after = page.at(-1)?.seq ?? after;
      }
    }
    await reader.close();
  };
  const following = follow();
  t.teardown(async () => {
    over.abort();
    await following;
  });
  return facts;
}
