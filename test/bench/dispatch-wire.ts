import { header, isRequest } from "../support/sip/message.ts";
import { type Datagram, type Place, samePlace, sipOf } from "../support/sip/pcap.ts";

/** What a capture tells of how calls were given to agents. */
export interface DispatchWire {
  /** From an agent's BYE to the next INVITE at that agent, ms; only while somebody waited. */
  readonly gapsMs: readonly number[];
  /** Gaps left out, because nobody waited when they began. */
  readonly emptyCount: number;
  /** How many waited, at each BYE. */
  readonly waiting: readonly number[];
  /** Offers made, and those of them that were not answered. */
  readonly offers: number;
  readonly unanswered: number;
  /** Talks that were ended, per second, while callers kept coming. */
  readonly rate: number;
}

/**
 * Reads the gaps from the wire. Callers wait from the answer until an agent is rung for one of them; who is rung for whom cannot be
 * seen, and need not be: only the number counts.
 */
export function readDispatch(datagrams: Iterable<Datagram>, agents: Place, callers: Place): DispatchWire {
  const connected = new Set<string>();
  const agentOf = new Map<string, string>();
  const busy = new Set<string>();
  const freeSince = new Map<string, { readonly atUs: number; readonly waiting: number }>();
  const gaps: { readonly endUs: number; readonly ms: number; readonly waiting: number }[] = [];
  const byes: number[] = [];
  const answered = new Set<string>();
  const waiting: number[] = [];
  let lastArrivalUs = 0;

  for (const { atUs, from, to, message } of sipOf(datagrams)) {
    const call = header(message, "Call-ID");
    const kind = isRequest(message) ? message.method : `${message.status} ${header(message, "CSeq").split(" ")[1]}`;
    if (samePlace(from, callers) || samePlace(to, callers)) {
      if (kind === "INVITE") lastArrivalUs = atUs;
      else if (kind === "200 INVITE") connected.add(call);
      else if (kind === "BYE") connected.delete(call);
    } else if (samePlace(to, agents) && kind === "INVITE" && isRequest(message) && !agentOf.has(call)) {
      const agent = message.uri.replace(/^sip:([^@]*)@.*$/, "$1");
      agentOf.set(call, agent);
      busy.add(call);
      const free = freeSince.get(agent);
      freeSince.delete(agent);
      if (free) gaps.push({ endUs: atUs, ms: (atUs - free.atUs) / 1000, waiting: free.waiting });
    } else if (samePlace(from, agents) && kind === "200 INVITE") answered.add(call);
    else if (samePlace(from, agents) && kind === "BYE" && busy.has(call)) {
      const now = Math.max(0, connected.size - busy.size);
      busy.delete(call);
      freeSince.set(agentOf.get(call) ?? "", { atUs, waiting: now });
      byes.push(atUs);
      waiting.push(now);
    } else if (kind === "CANCEL" || /^[3-6]\d\d INVITE/.test(kind)) busy.delete(call);
  }
  // When no more callers come the queue runs dry: what is after that does not count.
  const counted = gaps.filter(({ endUs }) => endUs <= lastArrivalUs);
  const whole = byes.filter((atUs) => atUs <= lastArrivalUs);
  const span = ((whole.at(-1) ?? 0) - (whole[0] ?? 0)) / 1e6;
  return {
    gapsMs: counted.filter((gap) => gap.waiting > 0).map(({ ms }) => ms),
    emptyCount: counted.filter((gap) => gap.waiting === 0).length,
    waiting: waiting.slice(0, whole.length),
    offers: agentOf.size,
    unanswered: agentOf.size - answered.size,
    rate: (whole.length - 1) / span,
  };
}
