import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply } from "fastify";
import type { App } from "../app.ts";

/** The pages: all are the one index.html, which looks at its own path. /live is one too, see `live.ts`. */
const pages = ["/", "/agent", "/phone", "/statistics", "/competence", "/crisis", "/matters", "/survey"];

/** Serves the built pages from `webDir`. Files under /assets/ have their hash in the name and never change. */
export async function addPages(app: App, webDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(webDir, "assets"),
    prefix: "/assets/",
    index: false,
    immutable: true,
    maxAge: "365d",
  });
  for (const page of pages) app.get(page, (_request, reply) => sendPage(reply, webDir));
}

export function sendPage(reply: FastifyReply, webDir: string): FastifyReply {
  // Asked for anew each time, so that a new version shows at once.
  return reply.header("cache-control", "no-cache").sendFile("index.html", webDir, { cacheControl: false });
}
