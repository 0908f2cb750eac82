import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Test } from "tap";

export const login = { username: "u1", password: "hush" };

export interface SmsGateway {
  readonly url: string;
  /** The forms and heads it was sent, in order. */
  readonly messages: readonly URLSearchParams[];
  readonly heads: readonly IncomingMessage["headers"][];
  /** The first message, when it has come. */
  message(): Promise<URLSearchParams>;
  close(): Promise<void>;
}

/** The outside company: a gateway as 46elks documents it. It answers 200, or these in turn first; 0: it hangs up without a word. */
export async function smsGateway(t: Test, ...statuses: readonly number[]): Promise<SmsGateway> {
  const messages: URLSearchParams[] = [];
  const heads: IncomingMessage["headers"][] = [];
  const answers = [...statuses];
  const come = Promise.withResolvers<URLSearchParams>();
  const server = createServer(async (request, reply) => {
    heads.push(request.headers);
    const message = new URLSearchParams(await text(request));
    messages.push(message);
    come.resolve(message);
    const status = answers.shift() ?? 200;
    if (status === 0) return request.socket.destroy();
    reply.writeHead(status, { "content-type": "application/json", location: "/elsewhere" }).end(`{"status":"created"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.teardown(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a1/sms`,
    messages,
    heads,
    message: () => come.promise,
    close,
  };
}

/** The token in a message's link; "" when there is none. */
export const tokenIn = (message: URLSearchParams | undefined): string =>
  /#([\w-]{22})$/.exec(message?.get("message") ?? "")?.[1] ?? "";
