import type { BrowserContext, Page } from "playwright-core";

export interface Sound {
  /** Packets that came in so far. */
  readonly packets: number;
  readonly codec: string;
}

/** Lets a test listen at a page's calls: packets in and their codec, and the keys that were sent as tones. */
export const listenAt = (context: BrowserContext) =>
  context.addInitScript(`
    const made = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...args) { super(...args); made.push(this); }
    };
    window.sound = async () => {
      let packets = 0, codec = "";
      for (const one of made) for (const stat of (await one.getStats()).values()) {
        if (stat.type === "inbound-rtp") packets += stat.packetsReceived;
        if (stat.type === "codec") codec = stat.mimeType;
      }
      return { packets, codec };
    };
    window.moreSound = async (packets) => {
      const { packets: before } = await sound();
      while ((await sound()).packets < before + packets) await new Promise((resolve) => setTimeout(resolve, 20));
      return sound();
    };
    window.tones = [];
    const insert = RTCDTMFSender.prototype.insertDTMF;
    RTCDTMFSender.prototype.insertDTMF = function (tones, ...rest) {
      window.tones.push(tones);
      insert.call(this, tones, ...rest);
    };`);

/** Resolves when half a second of sound more has come in. */
export const hears = (page: Page): Promise<Sound> => page.evaluate<Sound>("window.moreSound(25)");
