import t from "tap";
import type { Fact } from "../../src/core/facts.ts";
import { followLog } from "../../src/outbox/follow.ts";
import { openMemoryLog } from "../../src/store/memory.ts";

t.test("each fact once, in order, with those left out of which nothing comes; a store that fails is gone on with", async (t) => {
  const { log, reader } = openMemoryLog();
  const facts: Fact[] = Array.from({ length: 2_500 }, (_, n) => ({ at: n, type: "call.held", call: `c${n}`, agent: "anna" }));
  facts.push({ at: 9_999, type: "call.resumed", call: "c1", agent: "anna" });
  log.append(
    facts.map((fact, n) => ({ seq: n + 1, at: fact.at, sort: "fact", type: fact.type, call: null, json: JSON.stringify(fact) })),
  );
  const taken: number[] = [];
  let at = 0;
  let failing = false;
  const store = {
    position: async () => at,
    take: async (position: number, items: readonly number[]) => {
      if (failing) throw new Error("full");
      if (position <= at) return;
      at = position;
      taken.push(...items);
    },
  };
  const made = async ({ at }: { readonly at: number }) => (at % 2 === 0 ? at : undefined);
  const follow = () => followLog({ reader, store, types: ["call.held"], made });
  failing = true;
  await t.rejects(follow(), { message: "full" });
  failing = false;
  await Promise.all([follow(), follow()]);
  await follow();
  t.strictSame(
    taken,
    facts.flatMap(({ type, at }) => (type === "call.held" && at % 2 === 0 ? [at] : [])),
  );
  t.equal(at, 2_500);
});
