import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import t, { type Test } from "tap";
import { toldCode, toldNumber } from "../../src/core/call/told.ts";
import type { Fact } from "../../src/core/facts.ts";
import { rules } from "../../src/core/nodes/rules.ts";
import { clockTime, dayOf } from "../../src/core/time/civil.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccountAdmin } from "../../src/store/sqlite/account-admin.ts";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { openOfficers } from "../../src/store/sqlite/officers.ts";
import { followFacts } from "../support/follow-facts.ts";
import { takePorts } from "../support/ports.ts";
import { Phone } from "../support/sip/phone.ts";
import { toldSipp } from "../support/sip/told.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { along, type Walked } from "./follow-way.ts";
import { listen } from "./hearing.ts";
import { desk, toneWav } from "./people.ts";
import { familyOf, type Way } from "./way.ts";
import { doors } from "./ways-of-doors.ts";
import { nodes } from "./ways-of-nodes.ts";

/** Each way of the table is a call that SIPp makes, all beside each other; what is said is a tone of its own for every prompt. */

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

const ways: readonly Way[] = [...Object.values(nodes).flat(), ...doors];
const timezone = "Europe/Stockholm";
const network = "127.0.0.2";
const outside = { answers: "+46701234561", busy: "+46701234562", away: "+46701234563" };
const quietMs = 1_500;
const promptMs = 300;
/** As long as a person takes to pick up, and speaks: a pause by intent, for whoever rings hears it ringing meanwhile. ms. */
const personMs = 1_000;

const numberOf = (way: Way): string => way.dials ?? `08465004${10 + ways.indexOf(way)}`;
const callerOf = (way: Way): string => way.from ?? `07017406${10 + ways.indexOf(way)}`;
/** Said digit by digit in the voice of the language: what they are no log knows. */
const unheard = new Set([toldNumber, toldCode]);
/** The tone of each family of prompts that is said on a way: 25 Hz apart, so that 80 ms tell them from each other. */
const spoken = ways.flatMap(({ talk }) => talk.split(" / ").filter((line) => !line.startsWith(">")));
const families = [...new Set(spoken.flatMap((line) => line.split(" ")))];
const tones = new Map(families.filter((family) => !unheard.has(family)).map((family, n) => [family, 500 + 25 * n]));

/** The plan with a number for each way, hours that are closed whatever the time is, and a recording for each prompt said. */
async function waysPlan(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kl-plan-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const source = await readFile(fileURLToPath(new URL("../fixtures/plans/ways/plan.yaml", import.meta.url)), "utf8");
  const later = String((new Date().getUTCHours() + 5) % 24).padStart(2, "0");
  const numbers = ways
    .filter(({ dials }) => dials === undefined)
    .map((way) => {
      const more = way.entry === undefined ? "" : `, ${way.entry}`;
      return `  - { number: "+46${numberOf(way).slice(1)}", name: { sv: N, en: N }, greeting: greeting, start: ${way.start}${more} }\n`;
    });
  const text = source.replace("\nmenus:", () => `${numbers.join("")}\nmenus:`).replace("03:00-03:30", `${later}:00-${later}:30`);
  await writeFile(join(folder, "plan.yaml"), text);
  const { languages, prompts } = await loadPlan(folder);
  for (const language of languages) {
    await mkdir(join(folder, "recordings", language), { recursive: true });
    for (const prompt of Object.keys(prompts)) {
      const hertz = tones.get(familyOf(prompt));
      if (hertz !== undefined) await writeFile(join(folder, "recordings", language, `${prompt}.wav`), toneWav(hertz, promptMs));
    }
  }
  return folder;
}

/** Who is rung at this telephone speaks for a second and hangs up, is busy, or does not come. */
function people(phone: Phone): void {
  phone.incoming.each(async (leg) => {
    leg.ring();
    if (leg.invitation?.uri.includes(outside.away)) return;
    await delay(personMs);
    if (leg.invitation?.uri.includes(outside.busy)) return leg.refuse(486);
    leg.pickUp();
    leg.media.play(1000);
    await listen(leg, personMs);
    leg.hangUp();
  });
}

/** A matter, officers, and somebody who may set announcements; the keys that only the test knows. */
async function town(t: Test, { stateDir }: TestSystem): Promise<Record<string, string>> {
  const [matters, officers] = [
    await openMatters({ file: join(stateDir, stateFiles.matters) }),
    await openOfficers({ file: join(stateDir, stateFiles.officers) }),
  ];
  t.teardown(() => Promise.all([matters.close(), officers.close()]));
  const about = {
    kind: "message",
    createdAt: Date.now(),
    group: "wait",
    from: null,
    call: "c",
    recording: { n: 1, ms: 1 },
  } as const;
  const [matter] = await matters.take(1, [{ year: 2026, matter: about }]);
  const common = { functions: [], subjects: [], districts: [], group: "wait" };
  await officers.replaceOfficers([
    { ...common, id: "anna", name: "Anna", extension: "12001", number: "+46846512001" },
    { ...common, id: "bo", name: "Bo", extension: "12002", number: outside.busy },
    { ...common, id: "cia", name: "Cia", extension: "12003", number: outside.answers },
  ]);
  const tomorrow = dayOf(Date.now() + 86_400_000, timezone);
  await officers.setAbsence("anna", { reason: "meeting", until: clockTime(tomorrow, 14 * 60, timezone)?.first ?? 0 });
  const accounts = await openAccountAdmin(join(stateDir, stateFiles.accounts));
  await accounts.store.createUser({ user: "eva", name: "Eva", roles: ["lead"], password: "a password" });
  await accounts.setPin("eva", "314159");
  await accounts.close();
  return { PIN: "314159", MATTER: matter?.number.replace("-", "") ?? "", CODE: matter?.code ?? "" };
}

t.test("every node and every door, by calls of SIPp whose sound is recorded", async (t) => {
  t.strictSame(Object.keys(nodes).sort(), Object.keys(rules).sort(), "no kind of node is without a way");
  const ports = await takePorts();
  t.teardown(() => ports.release());
  const [port = 0] = ports.spare;
  const planDir = await waysPlan(t);
  const plan = await loadPlan(planDir);
  const swedish = (groups: readonly string[]) => ({
    ...{ skills: groups.map((group) => ({ group, level: 3, line: 1 }) as const), languages: { sv: "native" } as const },
    ...{ districts: [], site: "" },
  });
  // Demo callers never close.
  const env = { DEMO: "false", TRUNK_CONTACT: `sip:${network}:${port}` };
  const agents = { anna: swedish(["last", "wait", "alone", "crowded", "shut"]), bo: swedish(["asked"]) };
  const sys = await testSystem(t, { agents, planDir, env });
  const secrets = await town(t, sys);
  const trunk = await Phone.open({ user: "network", address: network, server: sys.server, port });
  t.teardown(() => trunk.close());
  people(trunk);
  people(await desk(t, sys, "bo"));
  const sipp = await toldSipp(t, sys.server);
  const facts = followFacts(t, sys);
  const recording = async (call: string, n: number): Promise<void> => {
    const live = () => sys.ari("GET", `recordings/live/${encodeURIComponent(`${call}-r${n}`)}`).catch(() => ({}));
    while (((await live()) as { state?: string }).state !== "recording") await delay(20);
  };

  const came = new Map(ways.map(({ name }) => [name, Promise.withResolvers<void>()]));
  const over = new Map(ways.map(({ name }) => [name, Promise.withResolvers<void>()]));
  /** Calls that wait for no other begin one after another, each when the one before has been answered. */
  const begun = ways.map(() => Promise.withResolvers<void>());
  const walk = async (way: Way, index: number): Promise<Walked> => {
    if (way.after !== undefined) await over.get(way.after)?.promise;
    else if (way.beside !== undefined) await came.get(way.beside)?.promise;
    else await begun[index - 1]?.promise;
    const call = await sipp.dial(numberOf(way), callerOf(way));
    try {
      await call.answered().finally(begun[index]?.resolve);
      const walked = await along(way, { facts, call, tones, secrets, recording });
      came.get(way.name)?.resolve();
      await Promise.all(ways.filter(({ beside }) => beside === way.name).map(({ name }) => over.get(name)?.promise));
      return await walked.end();
    } catch (error) {
      call.hangUp();
      throw error;
    } finally {
      // Whoever waits for it goes on, and shows what is wrong there.
      came.get(way.name)?.resolve();
      over.get(way.name)?.resolve();
    }
  };
  const results = await Promise.allSettled(ways.map(walk));

  for (const [n, way] of ways.entries()) {
    const result = results[n];
    const kind = Object.entries(nodes).find(([, all]) => all.includes(way))?.[0];
    await t.test(`${kind ?? "door"}: ${way.name}`, async (t) => {
      if (result?.status !== "fulfilled") throw result?.reason;
      const { facts, gapMs, quietMs: quiet, lost, doubled } = result.value;
      t.comment(`longest gap ${gapMs} ms, longest quiet ${quiet} ms, ${lost} packets lost`);
      t.ok(gapMs <= quietMs, `packets come: at most ${gapMs} ms between them`);
      t.ok(quiet <= quietMs, `no silence: at most ${quiet} ms`);
      t.equal(doubled, 0, "none comes twice");
      const kinds = facts.map((fact) => (fact.type === "call.menu" ? plan.nodes[fact.node]?.kind : undefined));
      for (const wanted of way.facts ?? [])
        t.ok(
          facts.some((fact) => has(fact, wanted)),
          JSON.stringify(wanted),
        );
      if (kind !== undefined) t.ok(kinds.includes(kind as never), `it came to a ${kind}`);
    });
  }
  await sys.empty();
});

const has = (fact: Fact, wanted: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([name, value]) =>
    isDeepStrictEqual(Object.entries(fact).find(([own]) => own === name)?.[1], value),
  );
