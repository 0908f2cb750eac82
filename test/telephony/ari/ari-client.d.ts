declare module "ari-client" {
  import type { EventEmitter } from "node:events";

  /** As much of the library as the comparison needs. */
  export interface AriClient extends EventEmitter {
    start(app: string): Promise<void>;
  }

  const ariClient: { connect(url: string, user: string, password: string): Promise<AriClient> };
  export default ariClient;
}
