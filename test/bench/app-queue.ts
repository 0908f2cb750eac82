/** The peer: Asterisk's own queue, set as its manual says for busy queues. */
export const queueModules = ["app_queue", "app_read"] as const;

/** The number that leads into a group's queue of app_queue; the one with the menu has 0. */
export const queueNumber = (group: number): string => `71${String(group).padStart(2, "0")}`;

/** queues.conf: every agent a member of every queue. */
export function queuesConf(agentIds: readonly string[], groups: number): string {
  const members = agentIds.map((id) => `member => PJSIP/d-${id}`).join("\n");
  const settings = [
    ...["strategy = leastrecent", "ringinuse = no", "retry = 1", "timeout = 20", "wrapuptime = 0"],
    ...["musicclass = kontaktlots", "announce-frequency = 0", "joinempty = yes", "leavewhenempty = no"],
  ];
  const queues = Array.from({ length: groups }, (_, n) => [`[q${n + 1}]`, ...settings, members].join("\n"));
  return ["[general]", "autofill = yes", "persistentmembers = no", ...queues, ""].join("\n");
}

/**
 * The peer's dialplan. Straight to the queue, as Kontaktlots's direct numbers: who rings waits from the answer on. With a menu, the
 * same greeting and menu are played from `sounds`, a folder that gets the very files Kontaktlots plays.
 */
export function queueDialplan(groups: number, sounds: string): string {
  const direct = Array.from(
    { length: groups },
    (_, n) => [queueNumber(n + 1), "Answer()", `Queue(q${n + 1})`, "Hangup()"] as const,
  );
  const menu = [queueNumber(0), "Answer()", `Read(KEY,${sounds}/greeting&${sounds}/menu,1,,3,6)`, "Queue(q1)", "Hangup()"];
  const lines = [...direct, menu].map(([number, ...steps]) =>
    steps.map((step, n) => (n === 0 ? `exten => ${number},1,${step}` : ` same => n,${step}`)).join("\n"),
  );
  return `[from-network]\n${lines.join("\n")}\n`;
}
