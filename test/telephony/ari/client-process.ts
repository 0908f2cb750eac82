import ariClient from "ari-client";
import { asKontaktlotsError } from "../../../src/core/errors.ts";
import { openAriGateway } from "../../../src/telephony/ari/gateway.ts";

/**
 * One client of ARI in a process of its own, as what it throws may end the process: `ari-client` or `gateway`, then ARI's address
 * without path, name and password. Tells what it meets, a word a line. Its timers run a hundred times as fast, so that "gives up" and "for
 * ever" can be seen in a test.
 */

const [client, url = "", username = "", password = ""] = process.argv.slice(2);

const say = (...words: readonly string[]): void => {
  process.stdout.write(`${words.join(" ")}\n`);
};
const realTimeout = setTimeout;
globalThis.setTimeout = Object.assign(
  (run: () => void, ms = 0): NodeJS.Timeout => realTimeout(run, ms / 100),
  realTimeout,
) as typeof setTimeout;

process.on("uncaughtException", (error) => {
  say("uncaught", error.message);
  process.exit(1);
});
process.on("unhandledRejection", (reason) => {
  say("unhandled", asKontaktlotsError(reason).message);
  process.exit(1);
});

if (client === "ari-client") await library();
else gateway();

async function library(): Promise<void> {
  try {
    const ari = await ariClient.connect(url, username, password);
    ari.on("StasisStart", () => say("event"));
    ari.on("WebSocketReconnecting", () => say("retry"));
    ari.on("WebSocketMaxRetries", () => say("gave-up"));
    ari.on("WebSocketConnected", () => say("up"));
    await ari.start("kontaktlots");
  } catch (error) {
    say("caught", asKontaktlotsError(error).message);
  }
}

function gateway(): void {
  openAriGateway(
    {
      address: { url: `${url}/ari`, username, password },
      app: "kontaktlots",
      media: (prompt) => prompt,
      musicClass: "default",
      bedClass: "default",
      recordTone: "",
      isEntry: () => true,
    },
    {
      up: () => say("up"),
      down: ({ code }) => say("down", code),
      event: ({ type }) => say("event", type),
      replaced: () => say("replaced"),
      problem: ({ code }) => say("problem", code),
    },
  );
}
