import { setImmediate as soon } from "node:timers/promises";
import pino from "pino";
import t from "tap";
import type { CoreEvent } from "../../src/core/events.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { boardView } from "../../src/engine/make-views.ts";
import { RoutingWatch } from "../../src/engine/routing-watch.ts";
import type { RoutingProblemView } from "../../src/engine/views.ts";
import { plan } from "../core/cities.ts";
import { generalist } from "../support/competence.ts";

t.test("what is missing is logged once, and stands on the board until it is there", async (t) => {
  const core = emptyState();
  const lines: string[] = [];
  let shown: readonly RoutingProblemView[] = [];
  let reviews = 0;
  const logger = pino({}, { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  const watch = new RoutingWatch(core, logger, (problems) => {
    shown = problems;
    reviews++;
  });
  const take = (event: CoreEvent): void => {
    step(core, event);
    watch.onTurn(event);
  };
  const staff = (...groups: string[]): CoreEvent => ({
    at: 1,
    type: "agents.set",
    agents: [{ id: "anna", name: "Anna", competence: generalist(groups) }],
  });

  take({ at: 1, type: "plan.set", plan });
  take(staff("a"));
  await soon();
  t.equal(reviews, 1, "the plan and its agents are looked at together");
  t.match(shown, [{ code: "GROUP_UNSERVED", text: { sv: /svarar för b/, en: /answers for b/ } }]);
  t.equal(boardView(core, 1, shown).problems, shown);
  t.strictSame(lines, [`${shown[0]?.text.sv} / ${shown[0]?.text.en}`]);

  take(staff("a"));
  take({ at: 1, type: "agent.available", agent: "anna" });
  await soon();
  t.equal(lines.length, 1, "the same is not told again");
  take(staff("a", "b"));
  await soon();
  t.strictSame(shown, []);
  take(staff("b"));
  await soon();
  t.match(shown, [{ text: { sv: /svarar för a/ } }]);
  t.equal(lines.length, 2);
  watch.close();
});
