declare module "asterisk-manager" {
  import type { EventEmitter } from "node:events";

  /** One AMI message: header names in lower case, repeated headers as arrays. */
  export type AmiMessage = Readonly<Record<string, unknown>>;

  export interface AmiConnection extends Pick<EventEmitter, "on" | "once" | "removeAllListeners"> {
    connect(port: number, host: string, callback?: () => void): void;
    login(callback: (error?: unknown) => void): void;
    action(
      action: Readonly<Record<string, string>>,
      callback: (error: AmiMessage | undefined, reply?: AmiMessage) => void,
    ): string;
    disconnect(callback?: () => void): void;
    isConnected(): boolean;
    readonly options: { port: number; host: string; username: string; password: string; events: boolean };
  }

  /** Without a port it does not connect by itself. */
  export default function manager(
    port: number | undefined,
    host: string,
    user: string,
    password: string,
    events: boolean,
  ): AmiConnection;
}
