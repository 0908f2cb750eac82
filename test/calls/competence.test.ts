import { join } from "node:path";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { generalist } from "../support/competence.ts";
import { testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, menuNumber } from "./people.ts";

t.setTimeout(240_000);

t.test(
  "a caller who wants English waits while nobody speaks it, and rings at once with who adds it to their profile",
  async (t) => {
    const competence = { ...generalist(["b"]), languages: { sv: "native" } } as const;
    const sys = await testSystem(t, { agents: { anna: competence } });
    const anna = await desk(t, sys, "anna");
    const caller = await citizen(t, sys);
    const call = await caller.dial(menuNumber);
    await call.media.press("9");
    await call.media.press("2");
    t.match(await sys.facts("call.queued"), [{ group: "b", language: "en" }]);
    t.equal(sys.link.agents.get("anna")?.state, "available", "she is free, and not asked");

    const accounts = await openAccounts({ file: join(sys.stateDir, stateFiles.accounts) });
    t.teardown(() => accounts.close());
    await accounts.setLanguages("anna", { sv: "native", en: "basic" });
    await sys.command({ type: "agents-changed" });
    const leg = await anna.nextCall();
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    call.hangUp();
    await leg.ended();
  },
);
