import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { login, smsGateway, tokenIn } from "../support/sms-gateway.ts";
import { testSystem } from "../support/system.ts";
import { Said } from "./hearing.ts";
import { citizen, desk, talk, tonePlan } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

/** From the call over the gateway to the page's answers, through the whole system; then the same without a gateway. */
const surveys = `
steps:
  surveys:
    asked: { label: { sv: Frågor, en: Questions }, by: sms, questions: [survey-question-solved, survey-question-wait] }
`;

async function planWithSurvey(t: Parameters<typeof tonePlan>[0]): Promise<string> {
  const planDir = await tonePlan(t);
  const file = join(planDir, "plan.yaml");
  const plan = (await readFile(file, "utf8")).replace("group-defaults:", "group-defaults:\n  survey: asked");
  await writeFile(file, plan + surveys);
  return planDir;
}

t.test("a caller agrees by key, gets a link, and answers on the page", async (t) => {
  const gateway = await smsGateway(t);
  const env = {
    ...{ SMS_URL: gateway.url, SMS_USER: login.username, SMS_PASSWORD: login.password, SMS_FROM: "Teststad" },
    PAGES_URL: "https://k.example",
  };
  const sys = await testSystem(t, { agents: { anna: ["b"] }, planDir: await planWithSurvey(t), env, withFront: true });
  const said = new Said(sys);
  const caller = await citizen(t, sys);
  const { call, leg } = await talk(caller, await desk(t, sys, "anna"));
  leg.hangUp();
  await said.next("survey-sms-offer");
  await call.media.press("1");
  await call.ended();
  const [wanted] = await sys.facts("survey.link-wanted");
  t.match(wanted, { group: "b", language: "sv", questions: ["survey-question-solved", "survey-question-wait"] });
  const message = await gateway.message();
  t.match(Object.fromEntries(message), { from: "Teststad", to: "+46701740605" });
  const { http } = sys.system.runtime;
  const origin = `http://${http.host}:${http.port}`;
  const post = (path: string, body: object) =>
    fetch(origin + path, { method: "POST", headers: { "content-type": "application/json", origin }, body: JSON.stringify(body) });
  const token = tokenIn(message);
  const shown = await post("/api/survey", { token });
  t.match(await shown.json(), {
    city: "Teststad",
    language: "sv",
    questions: [{ text: { sv: "Fick du den hjälp du behövde?" } }, {}],
  });
  const answers = [{ question: "survey-question-wait", answer: 4 }];
  t.strictSame([(await post("/api/survey/answers", { token, answers })).status], [204]);
  t.match(await sys.facts("call.survey"), [{ call: wanted?.call, group: "b", ...answers[0] }]);
  t.strictSame([(await post("/api/survey/answers", { token, answers })).status], [404]);
  t.equal((await sys.facts("call.survey")).length, 1);
});

t.test("no gateway: it is told at the start, and the caller is asked by key", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, planDir: await planWithSurvey(t) });
  const said = new Said(sys);
  const { call, leg } = await talk(await citizen(t, sys), await desk(t, sys, "anna"));
  leg.hangUp();
  await said.next("survey-start");
  call.hangUp();
  await call.ended();
  t.match(await readFile(join(sys.stateDir, "kontaktlots.log"), "utf8"), /SMS_UNSET/);
});
