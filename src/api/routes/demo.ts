import { randomBytes } from "node:crypto";
import { KontaktlotsError } from "../../core/errors.ts";
import type { App } from "../app.ts";
import type { DemoReply, PhoneReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import { phone } from "./phone.ts";

/** GET /api/demo and POST /api/demo/phone: log-ins to show, and the citizen's phone. 404 when the demo is off. */
export function addDemo(app: App, { demo, phones, plan, sipDomain }: FrontDeps): void {
  app.get("/api/demo", async (_request, reply): Promise<DemoReply> => {
    if (demo === undefined) throw off();
    reply.header("cache-control", "no-store");
    return { logins: await demo.logins() };
  });

  app.post("/api/demo/phone", async (_request, reply): Promise<PhoneReply> => {
    const secret = demo === undefined ? undefined : await phones.citizen();
    if (secret === undefined) throw off();
    reply.header("cache-control", "no-store");
    const tag = randomBytes(16).toString("base64url");
    return { ...phone("citizen", sipDomain, secret), tag, numbers: plan.numbers.map(({ number, name }) => ({ number, name })) };
  });
}

function off(): KontaktlotsError {
  return new KontaktlotsError("NOT_FOUND", "The demo is off.", "Who runs this can turn it on with DEMO=true.");
}
