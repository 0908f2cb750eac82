import fc from "fast-check";
import t from "tap";
import { KontaktlotsError } from "../../../src/core/errors.ts";
import { BridgePool } from "../../../src/telephony/ari/bridge-pool.ts";
import { type BridgeRequests, Bridges } from "../../../src/telephony/ari/bridges.ts";
import type { AriReply } from "../../../src/telephony/ari/link.ts";

interface Frame {
  readonly method: string;
  readonly path: string;
  readonly settle: (reply: AriReply) => void;
}

/** Asterisk's bridges: what comes over one line is done in order, also when that line is long gone. */
class PretendedAsterisk {
  readonly bridges = new Map<string, Set<string>>();
  readonly channels = new Set<string>();
  readonly log: string[] = [];

  do({ method, path, settle }: Frame): void {
    const [, id = "", what] = /^bridges\/([^/?]+)(\/addChannel|\/removeChannel)?/.exec(path) ?? [];
    this.log.push(`${method} ${id}${what ?? ""}`);
    const bridge = this.bridges.get(id);
    if (method === "POST" && !what) {
      // Asterisk gives the bridge that is there already.
      if (!bridge) this.bridges.set(id, new Set());
      return settle({ status: 200, body: "" });
    }
    if (!bridge) return settle({ status: 404, body: "" });
    if (method === "GET") return settle({ status: 200, body: JSON.stringify({ id, channels: [...bridge] }) });
    if (method === "DELETE") this.bridges.delete(id);
    else if (what === "/removeChannel") {
      if (!bridge.delete(channelsOf(path)[0] ?? "")) return settle({ status: 422, body: "" });
    } else if (!this.#enter(bridge, path)) return settle({ status: 400, body: "" });
    settle({ status: 204, body: "" });
  }

  #enter(bridge: Set<string>, path: string): boolean {
    for (const channel of channelsOf(path)) {
      if (!this.channels.has(channel)) return false;
      for (const other of this.bridges.values()) other.delete(channel);
      bridge.add(channel);
    }
    for (const members of this.bridges.values()) {
      const calls = new Set([...members].map(callOf));
      if (calls.size > 1) throw new Error(`hear each other: ${[...members]}`);
    }
    return true;
  }

  hangUp(channel: string): void {
    this.channels.delete(channel);
    for (const members of this.bridges.values()) members.delete(channel);
  }

  standing(): { id: string; channels: string[] }[] {
    return [...this.bridges].map(([id, members]) => ({ id, channels: [...members] }));
  }
}

const channelsOf = (path: string): string[] => decodeURIComponent(/channel=([^&]*)/.exec(path)?.[1] ?? "").split(",");
const callOf = (channel: string): string => channel.replace(/-o\d+$/, "");

/** An engine's side: the line, the calls it believes in, and `Bridges` in between. */
class Side {
  readonly asterisk: PretendedAsterisk;
  readonly calls = new Set<string>();
  /** Frames under way, per line: the last three are the present ones, and the last two of these the calls'. */
  readonly lines: Frame[][] = [[], [], []];
  bridges = this.#open();
  #pending = new Set<(error: KontaktlotsError) => void>();
  #count = 0;

  constructor(asterisk: PretendedAsterisk) {
    this.asterisk = asterisk;
  }

  #open(): Bridges {
    const over = (line: number): BridgeRequests => {
      const send = (method: string, path: string): Promise<AriReply> =>
        new Promise((resolve, reject) => {
          this.#pending.add(reject);
          const settle = (reply: AriReply): void => {
            if (!this.#pending.delete(reject)) return;
            if (reply.status < 300) resolve(reply);
            else reject(new KontaktlotsError("ARI_REFUSED", "", "", { status: reply.status }));
          };
          this.lines.at(line)?.push({ method, path, settle });
        });
      const ask = (method: string, path: string): void => void send(method, path).catch(() => {});
      return { of: (call) => over(-1 - (Number(call.slice(1)) % 2)), send, ask };
    };
    return new Bridges(over(-3));
  }

  begin(): void {
    const call = `c${++this.#count}`;
    this.calls.add(call);
    this.asterisk.channels.add(call).add(`${call}-o1`);
    this.bridges.join(call, `${call}-o1`).catch(() => {});
  }

  /** The core has heard of both ends; `told`: Asterisk had told so itself, and not only failed to find them. */
  end(call: string, told = true): void {
    this.calls.delete(call);
    for (const channel of [call, `${call}-o1`]) {
      this.asterisk.hangUp(channel);
      if (told) this.bridges.left(channel);
    }
    this.bridges.free(call);
  }

  /** The line is lost, with or without the engine; what was sent over it may arrive later, or never. */
  async reconnect(killed: boolean): Promise<void> {
    const lost = new KontaktlotsError("ARI_LINK_LOST", "", "");
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const reject of pending) reject(lost);
    this.bridges.forget();
    await turn();
    this.lines.push([], [], []);
    if (killed) this.bridges = this.#open();
    this.bridges.takeOver(this.asterisk.standing());
  }

  async flow(line: number, frames: number): Promise<void> {
    for (const frame of this.lines.at(line)?.splice(0, frames) ?? []) this.asterisk.do(frame);
    await turn();
  }
}

/** So many frames of each present line. */
async function flowAll(side: Side, frames: number): Promise<void> {
  for (const line of [-3, -2, -1]) await side.flow(line, frames);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const pick = <T>(items: Iterable<T>, n: number): T | undefined => {
  const all = [...items];
  return all[n % Math.max(1, all.length)];
};

t.test("whatever is lost or late, two calls never share a bridge, and no bridge is left", async () => {
  const moves: readonly ((side: Side, n: number) => unknown)[] = [
    (side) => side.begin(),
    (side) => side.begin(),
    (side, n) => side.flow(-1 - (n % 2), 1 + (n % 3)),
    (side, n) => flowAll(side, 1 + (n % 10)),
    (side, n) => side.flow(n % side.lines.length, 1 + (n % 3)),
    (side, n) => {
      const call = pick(side.calls, n);
      if (call) side.end(call);
    },
    (side, n) => {
      const call = pick(side.calls, n);
      if (call) side.end(call, false);
    },
    // One half goes, the other waits again, and gets another agent.
    (side, n) => {
      const call = pick(side.calls, n);
      if (!call) return;
      side.bridges.end(call);
      side.bridges.join(call, `${call}-o1`).catch(() => {});
    },
    // What the core believes is wrong: the call is given back although its agent still listens.
    (side, n) => {
      const call = pick(side.calls, n);
      if (!call) return;
      side.calls.delete(call);
      side.asterisk.hangUp(call);
      side.bridges.left(call);
      side.bridges.free(call);
    },
    (side, n) => (n % 4 === 0 ? side.reconnect(n % 8 === 0) : undefined),
  ];
  const day = fc.array(fc.tuple(fc.nat(moves.length - 1), fc.nat(1_000)), { maxLength: 80, size: "max" });
  await fc.assert(
    fc.asyncProperty(day, async (numbers) => {
      const side = new Side(new PretendedAsterisk());
      for (const [move, n] of numbers) await moves[move]?.(side, n);
      // What was under way over lost lines comes at last, then all is read once more.
      for (const line of side.lines.keys()) await side.flow(line, 10_000);
      await side.reconnect(true);
      for (const channel of [...side.asterisk.channels]) if (!side.calls.has(callOf(channel))) side.asterisk.hangUp(channel);
      for (const call of [...side.calls]) side.end(call);
      await flowAll(side, 10_000);
      side.bridges.close();
      await flowAll(side, 10_000);
      for (const { id, channels } of side.asterisk.standing()) {
        // Its caller was gone, its agent not: it is found when the engine starts next.
        throw new Error(`${id} is left with ${channels}`);
      }
    }),
    { numRuns: 2_000 },
  );
});

async function talk(side: Side): Promise<string> {
  side.begin();
  await flowAll(side, 10);
  return [...side.calls].at(-1) ?? "";
}

t.test("an empty bridge serves the next call, and closing ends it", async (t) => {
  const side = new Side(new PretendedAsterisk());
  for (let n = 0; n < 3; n++) {
    side.end(await talk(side));
    await flowAll(side, 10);
  }
  t.equal(side.asterisk.log.filter((line) => /^POST \S+$/.test(line) && !line.endsWith("addChannel")).length, 1, "made once");
  t.notOk(side.asterisk.log.some((line) => line.startsWith("DELETE")));
  t.notOk(
    side.asterisk.log.some((line) => line.startsWith("GET")),
    "nor asked about: Asterisk had told that both left",
  );
  side.end(await talk(side), false);
  await flowAll(side, 10);
  t.match(side.asterisk.log.at(-1), /^GET/, "it had not told, so it is asked");
  t.equal(side.asterisk.bridges.size, 1);
  const goesOn = await talk(side);
  side.bridges.close();
  await flowAll(side, 10);
  t.equal(side.asterisk.bridges.size, 1, "who talks keeps theirs");
  side.end(goesOn);
  await flowAll(side, 10);
  t.equal(side.asterisk.bridges.size, 0);
});

t.test("a bridge that is given back with somebody in it is ended", async (t) => {
  const side = new Side(new PretendedAsterisk());
  const call = await talk(side);
  side.asterisk.hangUp(call);
  side.bridges.free(call);
  await flowAll(side, 10);
  await flowAll(side, 10);
  t.equal(side.asterisk.bridges.size, 0);
});

t.test("a pair found after a kill holds its bridge; it ends with the talk, and is nobody else's", async (t) => {
  const side = new Side(new PretendedAsterisk());
  const call = await talk(side);
  const [bridge] = side.asterisk.bridges.keys();
  await side.reconnect(true);
  side.end(call);
  await flowAll(side, 10);
  t.equal(side.asterisk.log.at(-1), `DELETE ${bridge}`);
  await talk(side);
  t.notOk(side.asterisk.bridges.has(bridge ?? ""), "and its id does not come back");
});

t.test("a caller is taken out before the bridge ends, also one whom a lost engine left there alone", async (t) => {
  const side = new Side(new PretendedAsterisk());
  for (const lost of [false, true]) {
    const call = await talk(side);
    const [bridge] = side.asterisk.bridges.keys();
    side.asterisk.hangUp(`${call}-o1`);
    if (lost) await side.reconnect(true);
    else side.bridges.end(call);
    const from = side.asterisk.log.length;
    await flowAll(side, 10);
    await flowAll(side, 10);
    t.strictSame(side.asterisk.log.slice(from), [`POST ${bridge}/removeChannel`, `DELETE ${bridge}`]);
  }
});

t.test("no more stand free than that", (t) => {
  const pool = new BridgePool("x", 2);
  const ids = ["a", "b", "c"].map((call) => {
    const { id } = pool.take(call, `${call}-o1`);
    pool.joined(call, id);
    return id;
  });
  for (const call of ["a", "b", "c"]) t.equal(pool.release(call)?.is, "doubtful");
  t.strictSame(
    ids.map((id) => pool.looked(id, true)),
    [true, true, false],
  );
  t.equal(pool.looked(ids[0] ?? "", true), false, "what is free already cannot be given back again");
  const { id } = pool.take("d", "d-o1");
  pool.joined("d", id);
  pool.left("d-o1");
  pool.left("d");
  t.strictSame(pool.release("d"), { id, is: "free" });
  t.strictSame(pool.close(), [ids[0], id]);
  t.end();
});
