import { appQueueModel } from "./app-queue-model.ts";
import { crisis } from "./crisis.ts";
import { dispatch } from "./dispatch.ts";
import { estimate } from "./estimate.ts";
import { say } from "./figures.ts";
import { load } from "./load.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { routing } from "./routing.ts";
import { routingQuality } from "./routing-quality.ts";
import { survival } from "./survival.ts";
import { theory } from "./theory.ts";

/** `npm run bench -- NAME [options]`: figures go to standard output, one JSON object a line; progress to standard error. */
const benches: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  "app-queue-model": appQueueModel,
  crisis,
  dispatch,
  estimate,
  load,
  routing,
  survival,
  "routing-quality": routingQuality,
  theory,
};

const [name = "", ...rest] = process.argv.slice(2);
const bench = benches[name];
if (bench) await bench(readOptions(rest));
else {
  say(`There is no bench "${name}". Known are: ${Object.keys(benches).join(", ")}; options: ${usage}`);
  process.exitCode = 2;
}
