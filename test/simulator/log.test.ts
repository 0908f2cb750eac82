import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { compareRecording } from "../../src/simulator/log.ts";
import { readRecording } from "../../src/simulator/recorded.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { brommaEntries, brommaGroup, brommaWeeks } from "../stats/bromma.ts";

const staff = (count: number, more = "") => ({
  file: "draft.yaml",
  text: `agents:
  - team: aldre
    count: ${count}
    skills: { ${brommaGroup}: 5 }
    languages: { sv: native, en: good }
    shift: { from: "07:45", to: "17:00" }
${more}`,
});

async function recorded() {
  const { log, reader } = openMemoryLog();
  log.append(await brommaEntries());
  return reader;
}

t.test("a recorded log meets a draft: the same calls, other agents", async (t) => {
  const reader = await recorded();
  const recording = await readRecording(reader);
  const weeks = brommaWeeks();
  const offered = weeks.reduce((sum, week) => sum + week.offered, 0);
  const answered = weeks.reduce((sum, week) => sum + week.answered, 0);
  t.equal(recording.calls.length, offered, "every call is there");
  t.equal(recording.calls.filter(({ gaveUp }) => gaveUp).length, offered - answered);
  t.ok(
    recording.calls.every(({ gaveUp, talkMs }) => gaveUp !== (talkMs !== undefined)),
    "and how long those who were answered talked",
  );
  const hours = new Set(recording.calls.map(({ at }) => new Date(at).getUTCHours()));
  t.same([Math.min(...hours), Math.max(...hours)], [8, 16], "on the city's clock");

  const many = await compareRecording(reader, "bromma", staff(20), 1, () => 0);
  const few = await compareRecording(reader, "bromma", staff(1), 1, () => 0);
  const [one, other] = [many.outcomes[0].summary.all, few.outcomes[0].summary.all];
  t.equal(one.offered, offered);
  t.equal(other.offered, offered);
  t.ok((other.meanWaitS ?? 0) > (one.meanWaitS ?? 0), "fewer agents, longer waits");
  t.ok(other.abandoned > one.abandoned, "fewer agents, more give up");
  t.same(
    many.scenario.groups.map(({ id }) => id),
    [brommaGroup],
  );
  const again = await compareRecording(reader, "bromma", staff(20), 1, () => 0);
  t.same(again.outcomes[0].summary, many.outcomes[0].summary, "the same seed, the same figures");
});

t.test("a draft that does not fit the log is told of with file and line", async (t) => {
  const reader = await recorded();
  const wrong = staff(3, "groups:\n  skatt:\n    ring-seconds: 30\n");
  await t.rejects(
    compareRecording(reader, "bromma", wrong, 1, () => 0),
    /draft\.yaml:8:3.*no group "skatt"/s,
  );
  const nobody = { file: "draft.yaml", text: "group-defaults:\n  ring-seconds: 30\n" };
  await t.rejects(
    compareRecording(reader, "bromma", nobody, 1, () => 0),
    /has to say who works/,
  );
  const empty = compareRecording(openMemoryLog().reader, "leer", staff(3), 1, () => 0);
  const error = await empty.catch((thrown: unknown) => thrown);
  t.ok(error instanceof KontaktlotsError && error.code === "SCENARIO_INVALID" && /holds no call/.test(error.message));
});
