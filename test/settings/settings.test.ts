import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { exampleFile } from "../../src/settings/example.ts";
import { readSettings } from "../../src/settings/settings.ts";

function refusal(run: () => unknown): KontaktlotsError {
  try {
    run();
  } catch (error) {
    if (error instanceof KontaktlotsError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

t.test("nothing set: the defaults, and folders that are absolute", async (t) => {
  const settings = readSettings({ HOME: "/home/lo" }, t.testdir());
  t.match(settings, {
    http: { host: "127.0.0.1", port: 8080, trustedProxies: [] },
    planDir: join(t.testdirName, "dialplans/stockholm"),
    asterisk: { sipPort: 5060, httpPort: 8088, amiPort: 5038, rtpStart: 10000, rtpEnd: 11999, trunkAddresses: ["127.0.0.2"] },
    demo: true,
    log: { level: "info", format: "text" },
  });
  t.equal(settings.asterisk.remote, undefined);
  const root = process.getuid?.() === 0;
  t.equal(settings.stateDir, root ? "/var/lib/kontaktlots" : "/home/lo/.local/state/kontaktlots");
  t.equal(settings.cacheDir, root ? "/var/cache/kontaktlots" : "/home/lo/.cache/kontaktlots");
});

t.test("the environment goes before the file, the file before the default, and empty counts as not given", async (t) => {
  const cwd = t.testdir({ ".env": 'PORT=9001\nHOST="0.0.0.0"\nDEMO=false\nLOG_LEVEL=\n' });
  const settings = readSettings({ PORT: "9002", HOST: "" }, cwd);
  t.match(settings, { http: { port: 9002, host: "0.0.0.0" }, demo: false, log: { level: "info" } });
});

t.test("lists are split at commas", async (t) => {
  const env = { TRUNK_ADDRESSES: "192.0.2.1, 198.51.100.0/24,2001:db8::1", RESERVE_PHONES: "desk-1,+46850800001" };
  const { asterisk } = readSettings(env, t.testdir());
  t.same(asterisk.trunkAddresses, ["192.0.2.1", "198.51.100.0/24", "2001:db8::1"]);
  t.same(asterisk.reservePhones, ["desk-1", "+46850800001"]);
});

t.test("a wrong value is refused with its name, the value and what is allowed", async (t) => {
  const cwd = t.testdir();
  const wrong: [string, string, RegExp][] = [
    ["PORT", "eighty", /"eighty".*whole number from 1 to 65535/],
    ["PORT", "0", /1 to 65535/],
    ["PORT", "80.5", /1 to 65535/],
    ["DEMO", "yes", /true or false/],
    ["LOG_LEVEL", "loud", /fatal, error, warn, info, debug, trace, silent/],
    ["HOST", "two words", /host name/],
    ["SIP_HOST", "sip.example.se", /IP address/],
    ["TRUNK_CONTACT", "sip:a;b", /sip:host/],
    ["TRUNK_ADDRESSES", "192.0.2.300", /IP addresses/],
    ["TRUNK_ADDRESSES", "192.0.2.0/33", /IP addresses/],
    ["TRUNK_ADDRESSES", ",", /at least one/],
    ["RESERVE_PHONES", "a b", /comma between/],
    ["ASTERISK", "/usr/bin/x\nfoo=bar", /one line/],
    ["RTP_END", "10001", /at least RTP_START/],
    ["ARI_URL", "localhost:8088", /http:\/\//],
  ];
  for (const [name, value, words] of wrong) {
    const error = refusal(() => readSettings({ [name]: value }, cwd));
    t.equal(error.code, "SETTING_INVALID");
    t.match(error.message, new RegExp(`setting ${name} `));
    t.match(error.message, words);
  }
});

t.test("an unknown name in the file is refused: it is a slip of the pen", async (t) => {
  const error = refusal(() => readSettings({}, t.testdir({ ".env": "PROT=80\n" })));
  t.match(error, { code: "SETTING_INVALID", message: /PROT/ });
});

t.test("a file that cannot be read is refused", async (t) => {
  const error = refusal(() => readSettings({}, t.testdir({ ".env": {} })));
  t.match(error, { code: "SETTING_INVALID", message: /\.env cannot be read/ });
});

t.test("an Asterisk of one's own needs all its log-ins, and passwords are never shown", async (t) => {
  const cwd = t.testdir();
  const env = { ARI_URL: "http://pbx:8088/", ARI_USER: "kl", ARI_PASSWORD: "secret", AMI_USER: "m", AMI_PASSWORD: "n" };
  t.same(readSettings(env, cwd).asterisk.remote, {
    ariUrl: "http://pbx:8088",
    ariUser: "kl",
    ariPassword: "secret",
    amiHost: "pbx",
    amiUser: "m",
    amiPassword: "n",
  });
  t.equal(readSettings({ ...env, AMI_HOST: "pbx2" }, cwd).asterisk.remote?.amiHost, "pbx2");
  for (const name of Object.keys(env)) {
    const error = refusal(() => readSettings({ ...env, [name]: "" }, cwd));
    t.match(error, { code: "SETTING_INVALID", message: new RegExp(`${name} is missing`) });
  }
  const error = refusal(() => readSettings({ ...env, ARI_PASSWORD: "hush\nhush" }, cwd));
  t.notMatch(error.line, /hush/);
});

t.test("whatever stands in the environment, there are settings or a coded refusal", async (t) => {
  const cwd = t.testdir();
  const names = [...exampleFile().matchAll(/^#([A-Z_]+)=/gm)].map((match) => match[1] ?? "");
  const property = fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (env) => {
    try {
      readSettings(env, cwd);
    } catch (error) {
      if (!(error instanceof KontaktlotsError) || error.code !== "SETTING_INVALID") throw error;
    }
  });
  t.doesNotThrow(() => fc.assert(property));
});

t.test("no setting is lost on the way", async (t) => {
  const cwd = t.testdir();
  const remote = { ARI_URL: "http://a:1", ARI_USER: "a", ARI_PASSWORD: "a", AMI_USER: "a", AMI_PASSWORD: "a", AMI_HOST: "b" };
  const mail = { MAIL_SERVER: "smtp://a", MAIL_FROM: "a@b", MAIL_USER: "a", MAIL_PASSWORD: "a" };
  const sms = { SMS_URL: "http://a/sms", SMS_USER: "a", SMS_PASSWORD: "a", SMS_FROM: "City", PAGES_URL: "http://a" };
  const base = { ...remote, ...mail, ...sms };
  const words: Record<string, string> = {
    SMS_URL: "https://z",
    SMS_FROM: "+46701740605",
    DEMO: "false",
    STAND_BY: "false",
    LOG_LEVEL: "warn",
    LOG_FORMAT: "json",
    SIP_HOST: "::9",
    TRUNK_CONTACT: "sip:9",
    ARI_URL: "http://z:9",
    RTP_END: "60000",
    MAIL_SERVER: "smtp://z:9",
    MAIL_FROM: "z@z",
    PAGES_URL: "https://z",
  };
  for (const [, name = ""] of exampleFile().matchAll(/^#([A-Z_]+)=/gm)) {
    const value = words[name] ?? (name === "TRUNK_ADDRESSES" || name === "TRUSTED_PROXIES" ? "::9" : "999");
    t.notSame(readSettings({ ...base, [name]: value }, cwd), readSettings(base, cwd), name);
  }
  for (const name of Object.keys(sms)) {
    const error = refusal(() => readSettings({ ...sms, [name]: "" }, cwd));
    t.match(error, { code: "SETTING_INVALID", message: new RegExp(`${name} is missing`) });
  }
  t.equal(readSettings({ PAGES_URL: "http://a" }, cwd).sms, undefined);
});

t.test(".env.example is current, and is a file that may be used as it is", async (t) => {
  const text = readFileSync(new URL("../../.env.example", import.meta.url), "utf8");
  t.equal(text, exampleFile(), "make it anew with: node src/settings/example.ts > .env.example");
  const cwd = t.testdir();
  writeFileSync(join(cwd, ".env"), text.replace(/^#(?=[A-Z_]+=)/gm, ""));
  t.same(readSettings({}, cwd), readSettings({}, t.testdir()));
});
