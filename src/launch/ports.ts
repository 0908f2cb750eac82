import type { Settings } from "../settings/settings.ts";
import { runCommand } from "../telephony/asterisk/index.ts";
import { expectFreePorts, type NamedPort } from "../telephony/asterisk/ports.ts";
import { asteriskDir } from "./system.ts";

/**
 * Looks, before anything is set up, whether the ports are free. Asterisk's may be held by the Asterisk of an earlier supervisor,
 * which is taken over. Errors: PORT_TAKEN, naming port and setting.
 */
export async function checkPorts(settings: Settings): Promise<void> {
  const { http, asterisk } = settings;
  const ports: NamedPort[] = [{ name: "PORT", kind: "tcp", address: http.host, port: http.port }];
  if (!asterisk.remote && (await runCommand(asteriskDir(settings), "core show uptime")) === undefined) {
    ports.push(
      { name: "SIP_PORT", kind: "udp", address: asterisk.sipHost, port: asterisk.sipPort },
      { name: "ASTERISK_HTTP_PORT", kind: "tcp", address: "127.0.0.1", port: asterisk.httpPort },
      { name: "AMI_PORT", kind: "tcp", address: "127.0.0.1", port: asterisk.amiPort },
    );
  }
  await expectFreePorts(ports);
}
