import { join } from "node:path";
import t from "tap";
import { type Runtime, readRuntime } from "../../src/settings/runtime.ts";
import { plan } from "../core/two-groups.ts";

const runtime: Runtime = {
  planDir: "/p",
  plan,
  stateDir: "/s",
  cacheDir: "/c",
  soundsDir: "/s/sounds",
  recordingsDir: "/s/sounds",
  soundTools: { espeakNg: "espeak-ng", sox: "sox" },
  app: "kontaktlots",
  ari: { url: "http://127.0.0.1:8088/ari", username: "u", password: "p" },
  ami: { host: "127.0.0.1", port: 5038, username: "u", password: "p" },
  sipDomain: "127.0.0.1",
  http: { host: "127.0.0.1", port: 8080, trustedProxies: [] },
  log: { level: "info", format: "json" },
};

t.test("what the supervisor wrote is read as it is; anything else is refused with its code", async (t) => {
  const { ami: _, ...partly } = runtime;
  const dir = t.testdir({
    good: JSON.stringify(runtime),
    partly: JSON.stringify(partly),
    cut: JSON.stringify(runtime).slice(0, 50),
    empty: "",
  });
  t.same(readRuntime(join(dir, "good")), runtime);
  for (const path of [undefined, ...["partly", "cut", "empty", "missing"].map((name) => join(dir, name))]) {
    t.throws(() => readRuntime(path), { code: "SETTING_INVALID" }, path ?? "none");
  }
});
