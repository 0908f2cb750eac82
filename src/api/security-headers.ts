import fastifyHelmet, { type FastifyHelmetOptions } from "@fastify/helmet";
import type { App } from "./app.ts";

const helmetOptions: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      // 'self' covers the WebSockets of the same host (CSP 3, 6.7.2.8).
      connectSrc: ["'self'"],
      mediaSrc: ["'self'", "blob:", "mediastream:"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: "no-referrer" },
  xFrameOptions: { action: "deny" },
};

/** Only our own files run; nobody frames our pages; the microphone is ours alone. */
export async function addSecurityHeaders(app: App): Promise<void> {
  await app.register(fastifyHelmet, helmetOptions);
  app.addHook("onRequest", async (_request, reply) => {
    reply.header("permissions-policy", "microphone=(self), camera=(), geolocation=()");
  });
}
