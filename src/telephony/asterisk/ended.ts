import { readdir, readFile } from "node:fs/promises";

/**
 * Whether a process, a child of ours or not, has ended with all it held. Its first thread alone is no sign: when that has ended, the
 * process is shown as ended (state Z) while others of its threads still hold its ports (Linux, proc(5), `/proc/PID/stat` tells of the
 * first thread).
 */
export async function hasEnded(pid: number, proc = "/proc"): Promise<boolean> {
  const stat = await readFile(`${proc}/${pid}/stat`, "utf8").catch(() => "");
  if (stat === "") return true;
  if (!stat.includes(") Z ")) return false;
  const threads = await readdir(`${proc}/${pid}/task`).catch(() => []);
  return threads.length <= 1;
}
