import { header, isRequest, uriOf } from "../support/sip/message.ts";
import { type Datagram, type Place, samePlace, sipOf } from "../support/sip/pcap.ts";

/** One call from its caller's first message to its agent's last, μs since the epoch. */
export interface QueueCall {
  /** Who rang: the number the caller came as. */
  readonly from: string;
  /** User part of the address of the agent's phone. */
  readonly agent: string;
  /** The caller's INVITE. */
  readonly cameUs: number;
  /** The INVITE at the agent who took it, for this caller. */
  readonly rungUs: number;
  /** The caller's 200: both talk. */
  readonly talkUs: number;
  /** The BYE to the agent. */
  readonly freedUs: number;
}

/** Reads calls that went through a queue which answers when an agent does, and were ended by the caller. Every caller has a number of their own. */
export function readQueueCalls(datagrams: Iterable<Datagram>, agents: Place, callers: Place): QueueCall[] {
  const byNumber = new Map<string, Partial<Record<keyof QueueCall, string | number>>>();
  const byCall = new Map<string, string>();
  const user = (address: string): string => /^sip:([^@]*)@/.exec(address)?.[1] ?? "";
  for (const { atUs, from, to, message } of sipOf(datagrams)) {
    const id = header(message, "Call-ID");
    const kind = isRequest(message) ? message.method : `${message.status} ${header(message, "CSeq").split(" ")[1]}`;
    const starts = kind === "INVITE" && isRequest(message) && !byCall.has(id);
    if (starts) byCall.set(id, user(uriOf(header(message, "From"))));
    const number = byCall.get(id) ?? "";
    const call = byNumber.get(number) ?? {};
    byNumber.set(number, call);
    if (starts && samePlace(from, callers)) call.cameUs = atUs;
    else if (starts && samePlace(to, agents)) Object.assign(call, { agent: user(message.uri), rungUs: atUs });
    else if (kind === "200 INVITE" && samePlace(to, callers)) call.talkUs ??= atUs;
    else if (kind === "BYE" && samePlace(to, agents)) call.freedUs ??= atUs;
  }
  const whole: QueueCall[] = [];
  for (const [from, { agent, cameUs, rungUs, talkUs, freedUs }] of byNumber)
    if (typeof agent === "string" && [cameUs, rungUs, talkUs, freedUs].every(Number.isFinite))
      whole.push({
        from,
        agent,
        cameUs: Number(cameUs),
        rungUs: Number(rungUs),
        talkUs: Number(talkUs),
        freedUs: Number(freedUs),
      });
  return whole;
}
