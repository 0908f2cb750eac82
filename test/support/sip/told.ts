import { connect, type Socket } from "node:net";
import type { Test } from "tap";
import { patienceMs } from "../patience.ts";
import { livedMs } from "./clock.ts";
import { Journal } from "./journal.ts";
import { Media } from "./media.ts";
import type { Place } from "./pcap.ts";
import { sippPair } from "./sipp-pair.ts";

/**
 * Calls whose SIP is SIPp's, and whose sound is recorded here. SIPp cannot hear what is said nor read the log, so it does what the
 * test tells it by its commands; and keys come, as from a telephone, from the port that the call's description names, which is the
 * recorder's: Asterisk takes sound from there only (`strictrtp`), and sends it there.
 */
export interface ToldSipp {
  /** Rings `number` as `from`. Rejects only when SIPp is gone: what comes of the call is the call's to tell. */
  dial(number: string, from: string): Promise<ToldCall>;
}

export interface ToldCall {
  readonly number: string;
  readonly from: string;
  readonly media: Media;
  /** When it was answered, by `livedMs`. */
  answered(): Promise<number>;
  /** When it was refused. */
  refused(): Promise<number>;
  /** When it was over: the other side hung up, or agreed to our hanging up. */
  over(): Promise<number>;
  hangUp(): void;
}

interface State {
  readonly call: string;
  readonly state: string;
  readonly at: number;
}

/** A command ends with this character. */
const end = "\x1b";

/** Starts one SIPp for any number of calls from 127.0.0.2; the test's end ends it. */
export async function toldSipp(t: Test, remote: Place): Promise<ToldSipp> {
  const { callers } = await sippPair(t);
  const sipp = await callers.start({ scenario: "caller-told", remote, commands: callers.commands });
  const states = new Journal<State>("SIPp's calls", ({ call, state }) => `${call} ${state}`);
  const line = await connected(callers.commands);
  let ended = false;
  void sipp.done.then(({ complaints }) => {
    if (!ended) line.destroy(new Error(`SIPp ended: ${complaints}`));
  });
  let rest = "";
  line.on("data", (part: Buffer) => {
    const told = (rest + part.toString()).split(end);
    rest = told.pop() ?? "";
    for (const text of told) states.add({ call: field(text, "Call-ID"), state: field(text, "State"), at: livedMs() });
  });
  t.teardown(async () => {
    ended = true;
    line.destroy();
    await sipp.stop();
  });

  let calls = 0;
  return {
    async dial(number, from) {
      const id = `${++calls}-${process.pid}@told`;
      const media = await Media.open(callers.local.address, `${from} to ${number}`);
      t.teardown(() => media.close());
      media.follow();
      const tell = (...lines: string[]) => line.write(`${[`Call-ID: ${id}`, ...lines].join("\r\n")}\r\n\r\n${end}`);
      const comes = async (state: string) =>
        (await states.when(`${id} ${state}`, (it) => it.call === id && it.state === state)).at;
      tell(`Number: ${number};`, `Caller: ${from};`, `Media: ${media.port};`);
      return {
        number,
        from,
        media,
        answered: () => comes("answered"),
        refused: () => comes("refused"),
        over: () => comes("ended"),
        hangUp: () => void tell("Hang-Up: now"),
      };
    },
  };
}

const field = (text: string, name: string): string => new RegExp(`^${name}: *(\\S+)`, "m").exec(text)?.[1] ?? "";

/** SIPp listens some ms after its start. */
async function connected({ address, port }: Place): Promise<Socket> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const socket = connect(port, address);
    const failed = await new Promise<Error | undefined>((resolve) => {
      socket.once("connect", () => resolve(undefined));
      socket.once("error", resolve);
    });
    if (!failed) return socket;
    if (performance.now() > until) throw failed;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

const lookEveryMs = 20;
