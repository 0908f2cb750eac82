import asteriskManager from "asterisk-manager";
import t, { type Test } from "tap";
import type { KontaktlotsError } from "../../../src/core/errors.ts";
import { Ami, type AmiAddress } from "../../../src/telephony/ami/manager.ts";
import { testAsterisk } from "../../support/asterisk.ts";
import { Journal } from "../../support/sip/journal.ts";
import { FakeAmi } from "./fake-ami.ts";

const loopback = (port: number): AmiAddress => ({ host: "127.0.0.1", port, username: "kontaktlots", password: "secret" });

async function open(t: Test, address: AmiAddress): Promise<{ ami: Ami; news: Journal<string> }> {
  const news = new Journal<string>("AMI");
  const ami = new Ami(address, {
    up: () => news.add("up"),
    event: () => undefined,
    problem: ({ code }) => news.add(code),
  });
  t.teardown(() => ami.close());
  return { ami, news };
}
const codeOf = (action: Promise<unknown>): Promise<string> =>
  action.then(
    () => "answered",
    (error: KontaktlotsError) => error.code,
  );
const sly = { action: "Ping", note: "x\r\n\r\nAction: ModuleLoad\r\nLoadType: reload" };

t.test("a line break in a value starts no second action", async (t) => {
  const fake = await FakeAmi.open(t);
  const bare = asteriskManager(fake.port, "127.0.0.1", "kontaktlots", "secret", true);
  t.teardown(() => bare.disconnect());
  bare.action({ ...sly }, () => undefined);
  await fake.actions.when("the injected action", (action) => action["action"] === "ModuleLoad");
  t.pass("the library lets it through");

  const { ami, news } = await open(t, loopback(fake.port));
  await news.when("up", (word) => word === "up");
  const before = fake.actions.all.length;
  for (const value of [sly.note, "x\n", "x\r", "x\0"])
    t.equal(await codeOf(ami.action({ action: "Ping", note: value })), "AMI_BAD_VALUE");
  t.equal(await codeOf(ami.action({ action: "Ping", "note: x\r\n\r\nAction": "Logoff" })), "AMI_BAD_VALUE", "nor in a name");
  const ping = ami.action({ action: "Ping", note: "å, ö: fine" });
  const seen = await fake.actions.when("the honest action", () => true, before);
  t.match(seen, { action: "Ping", note: "å, ö: fine" }, "what is refused never reaches the wire, what is honest does");
  fake.answer(seen, "Success");
  await ping;
});

t.test("an action in flight when the link drops is settled, and the link comes back", async (t) => {
  const fake = await FakeAmi.open(t);
  const bare = asteriskManager(fake.port, "127.0.0.1", "kontaktlots", "secret", true);
  let called = false;
  bare.action({ action: "Ping" }, () => {
    called = true;
  });
  const { ami, news } = await open(t, loopback(fake.port));
  await news.when("up", (word) => word === "up");
  const settled = codeOf(ami.action({ action: "Ping" }));
  await fake.actions.when("both", () => fake.actions.all.filter((action) => action["action"] === "Ping").length === 2);
  fake.drop();
  t.equal(await settled, "AMI_TIMEOUT");
  await news.when("up again", (word) => word === "up", 1);
  t.notOk(called, "the library alone never calls back");

  const refused = codeOf(ami.action({ action: "Nonsense" }));
  fake.answer(await fake.actions.when("the next", (action) => action["action"] === "Nonsense"), "Error");
  t.equal(await refused, "AMI_REFUSED", "and works again");
});

t.test("a link on which nothing is answered is made anew: at the log-in, and later", async (t) => {
  const [deaf, dying] = [await FakeAmi.open(t), await FakeAmi.open(t)];
  deaf.silent = true;
  const [atLogin, later] = [await open(t, loopback(deaf.port)), await open(t, loopback(dying.port))];
  const isLogin = (action: Readonly<Record<string, string>>): boolean => action["action"]?.toLowerCase() === "login";
  await later.news.when("up", (word) => word === "up");
  await deaf.actions.when("the first log-in", isLogin);
  deaf.silent = false;
  await atLogin.news.when("up by another connection", (word) => word === "up", 0, 20_000);
  t.equal(deaf.actions.all.filter(isLogin).length, 2);
  // Its ping is never answered.
  await dying.actions.when("a ping", (action) => action["action"] === "Ping", 0, 20_000);
  await later.news.when("up again", (word) => word === "up", 1, 20_000);
  t.equal(dying.actions.all.filter(isLogin).length, 2);
});

t.test("on the real Asterisk", async (t) => {
  const { instance } = await testAsterisk(t);
  const wrong = await open(t, { ...instance.ami, password: "wrong" });
  await wrong.news.when("the refusal", (word) => word === "AMI_REFUSED");
  await wrong.news.when("and again", (word) => word === "AMI_REFUSED", 1);
  const { ami, news } = await open(t, instance.ami);
  await news.when("up", (word) => word === "up");
  t.match(await ami.action({ action: "Ping" }), { ping: "Pong" });
  t.equal(
    await codeOf(ami.action({ action: "Originate", channel: "PJSIP/d-anna" })),
    "AMI_REFUSED",
    "our login may not even ring",
  );
  ami.close();
  t.equal(await codeOf(ami.action({ action: "Ping" })), "AMI_TIMEOUT", "closed is closed");
});
