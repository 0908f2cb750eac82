import t from "tap";
import { formatMessage, type SipMessage } from "../support/sip/message.ts";
import type { Datagram, Place } from "../support/sip/pcap.ts";
import { formatSdp } from "../support/sip/sdp.ts";
import { readQueueCalls } from "./app-queue-wire.ts";
import { aboveIdle, together } from "./cpu.ts";
import { readDispatch } from "./dispatch-wire.ts";
import { percentile } from "./figures.ts";
import { firstSounds } from "./sound-wire.ts";

const asterisk: Place = { address: "127.0.0.1", port: 5060 };
const agents: Place = { address: "127.0.0.1", port: 6000 };
const callers: Place = { address: "127.0.0.2", port: 7000 };

function sip(ms: number, from: Place, to: Place, call: string, what: string, body = "", user = "x"): Datagram {
  const [first = "", method = first] = what.split(" ");
  const headers = [
    ["Call-ID", call],
    ["CSeq", `1 ${method.startsWith("sip:") ? first : method}`],
    ["From", `<sip:${user}@y>;tag=1`],
  ] as const;
  const message: SipMessage = /^\d/.test(first)
    ? { status: Number(first), reason: "x", headers, body }
    : { method: first, uri: method.startsWith("sip:") ? method : "sip:x@y", headers, body };
  return { atUs: ms * 1000, from, to, payload: Buffer.from(formatMessage(message)) };
}
const comes = (ms: number, call: string): Datagram[] => [
  sip(ms, callers, asterisk, call, "INVITE"),
  sip(ms + 1, asterisk, callers, call, "200 INVITE"),
];
const rings = (ms: number, agent: string, call: string): Datagram[] => [
  sip(ms, asterisk, agents, call, `INVITE sip:${agent}@127.0.0.1:6000`),
  sip(ms + 1, agents, asterisk, call, "200 INVITE"),
];

t.test("a gap is from an agent's BYE to the next INVITE at the same agent", async (t) => {
  const wire = readDispatch(
    [
      ...["c1", "c2", "c3", "c4"].flatMap((call, n) => comes(n, call)),
      ...rings(10, "a", "x1"),
      ...rings(12, "b", "x2"),
      sip(100, agents, asterisk, "x1", "BYE"),
      sip(101, asterisk, callers, "c1", "BYE"),
      ...rings(130, "a", "x3"),
      sip(131, asterisk, agents, "x3", "INVITE sip:a@127.0.0.1:6000"), // sent again: no second offer
      sip(140, agents, asterisk, "x2", "BYE"),
      sip(140.5, agents, asterisk, "x2", "BYE"), // sent again: the first counts
      ...rings(145, "b", "x4"),
      ...comes(200, "c5"),
    ],
    agents,
    callers,
  );
  t.strictSame(wire.gapsMs, [30, 5]);
  t.strictSame(wire.waiting, [2, 1]);
  t.match(wire, { emptyCount: 0, offers: 4, unanswered: 0 });
});

t.test(
  "a gap that began with nobody waiting is counted apart; what comes after the last caller is not counted at all",
  async (t) => {
    const wire = readDispatch(
      [
        ...comes(0, "c1"),
        ...rings(10, "a", "x1"),
        sip(100, agents, asterisk, "x1", "BYE"),
        ...comes(500, "c2"),
        ...rings(510, "a", "x2"),
        ...comes(520, "c3"),
        sip(600, agents, asterisk, "x2", "BYE"),
        ...rings(700, "a", "x3"),
      ],
      agents,
      callers,
    );
    t.strictSame(wire.gapsMs, []);
    t.equal(wire.emptyCount, 1);
  },
);

t.test("an offer that is taken back is no talk", async (t) => {
  const wire = readDispatch(
    [
      ...comes(0, "c1"),
      sip(10, asterisk, agents, "x1", "INVITE sip:a@127.0.0.1:6000"),
      sip(20, asterisk, agents, "x1", "CANCEL"),
      sip(21, agents, asterisk, "x1", "487 INVITE"),
      ...rings(30, "b", "x2"),
      ...comes(40, "c2"),
    ],
    agents,
    callers,
  );
  t.match(wire, { offers: 2, unanswered: 1, gapsMs: [] });
});

t.test("a call through a queue is known by its caller's number, and is the agent's who took it", async (t) => {
  const rung = (ms: number, agent: string, call: string, user: string): Datagram =>
    sip(ms, asterisk, agents, call, `INVITE sip:${agent}@127.0.0.1:6000`, "", user);
  const calls = readQueueCalls(
    [
      sip(0, callers, asterisk, "c1", "INVITE", "", "0701"),
      sip(1, callers, asterisk, "c2", "INVITE", "", "0702"),
      rung(10, "a", "x1", "0702"),
      sip(20, asterisk, agents, "x1", "CANCEL"),
      rung(30, "b", "x2", "0702"),
      sip(31, agents, asterisk, "x2", "200 INVITE"),
      sip(32, asterisk, callers, "c2", "200 INVITE"),
      sip(90, callers, asterisk, "c2", "BYE"),
      sip(91, asterisk, agents, "x2", "BYE"),
      sip(95, asterisk, agents, "x2", "BYE"), // sent again: the first counts
    ],
    agents,
    callers,
  );
  // The first caller never came to an agent.
  t.strictSame(calls, [{ from: "0702", agent: "b", cameUs: 1000, rungUs: 30_000, talkUs: 32_000, freedUs: 91_000 }]);
});

t.test("the first sound of a call is known by the port Asterisk named", async (t) => {
  const rtp = (ms: number, port: number): Datagram => ({
    atUs: ms * 1000,
    from: { address: "127.0.0.1", port },
    to: { address: callers.address, port: 9000 },
    payload: Buffer.concat([Buffer.from([0x80, 8]), Buffer.alloc(170)]),
  });
  const answer = (ms: number, call: string, port: number): Datagram =>
    sip(ms, asterisk, callers, call, "200 INVITE", formatSdp({ address: "127.0.0.1", port, direction: "sendrecv" }, 1));
  const wire = [
    sip(0, callers, asterisk, "c1", "INVITE"),
    sip(1, callers, asterisk, "c2", "INVITE"),
    answer(5, "c1", 4000),
    answer(6, "c2", 4002),
    rtp(11, 4002),
    rtp(20, 4000),
    rtp(31, 4002),
    // The port serves another call later.
    sip(100, callers, asterisk, "c3", "INVITE"),
    rtp(101, 4000),
    answer(104, "c3", 4000),
    rtp(108, 4000),
  ];
  t.strictSame(firstSounds(wire, callers, 9000), [10, 20, 8]);
});

t.test("percentiles by nearest rank, and processor time above idle", async (t) => {
  const values = Array.from({ length: 100 }, (_, n) => n + 1).reverse();
  t.equal(percentile(values, 0.5), 50);
  t.equal(percentile(values, 0.99), 99);
  t.equal(percentile(values, 1), 100);
  t.equal(percentile([7], 0.01), 7);
  t.ok(Number.isNaN(percentile([], 0.5)));
  t.strictSame(aboveIdle({ wallMs: 1000, cpuMs: [500, 80] }, { wallMs: 100, cpuMs: [10, 0] }), [400, 80]);
  const readings = [
    { wallMs: 100, cpuMs: [10, 20], pressurePercent: 10 },
    { wallMs: 300, cpuMs: [40, 0], pressurePercent: 50 },
  ];
  t.strictSame(together(readings), { wallMs: 400, cpuMs: [50, 20], pressurePercent: 40 });
});
