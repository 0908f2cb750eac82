/** The peer: Asterisk's own queue, set as its manual says for busy queues. */
export const queueModules = ["app_queue", "app_read"] as const;

/** The number that leads into a group's queue of app_queue; the one with the menu has 0. */
export const queueNumber = (group: number): string => `71${String(group).padStart(2, "0")}`;

/** The number that leads into the same queue without an answer before: the caller is answered when an agent is. */
export const unansweredQueueNumber = (group: number): string => `72${String(group).padStart(2, "0")}`;

/** A member of a queue: the lower the penalty, the earlier they are rung. */
export interface QueueMember {
  readonly id: string;
  readonly penalty: number;
}

/** queues.conf: a queue `q1` … for each group, with its members. */
export function queuesConf(queues: readonly (readonly QueueMember[])[]): string {
  const settings = [
    ...["strategy = leastrecent", "ringinuse = no", "retry = 1", "timeout = 20", "wrapuptime = 0"],
    ...["musicclass = kontaktlots", "announce-frequency = 0", "joinempty = yes", "leavewhenempty = no"],
  ];
  const sections = queues.map((members, n) => {
    const lines = members.map(({ id, penalty }) => `member => PJSIP/d-${id},${penalty}`);
    return [`[q${n + 1}]`, ...settings, ...lines].join("\n");
  });
  return ["[general]", "autofill = yes", "persistentmembers = no", ...sections, ""].join("\n");
}

/**
 * The peer's dialplan. Straight to the queue, as Kontaktlots's direct numbers: who rings waits from the answer on. With a menu, the
 * same greeting and menu are played from `sounds`, a folder that gets the very files Kontaktlots plays.
 */
export function queueDialplan(groups: number, sounds: string): string {
  const all = Array.from({ length: groups }, (_, n) => n + 1);
  const direct = all.map((n) => [queueNumber(n), "Answer()", `Queue(q${n})`, "Hangup()"] as const);
  const unanswered = all.map((n) => [unansweredQueueNumber(n), `Queue(q${n})`, "Hangup()"] as const);
  const menu = [queueNumber(0), "Answer()", `Read(KEY,${sounds}/greeting&${sounds}/menu,1,,3,6)`, "Queue(q1)", "Hangup()"];
  const lines = [...direct, ...unanswered, menu].map(([number, ...steps]) =>
    steps.map((step, n) => (n === 0 ? `exten => ${number},1,${step}` : ` same => n,${step}`)).join("\n"),
  );
  return `[from-network]\n${lines.join("\n")}\n`;
}
