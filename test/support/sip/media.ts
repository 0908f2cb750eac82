import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { livedMs } from "./clock.ts";
import { Journal } from "./journal.ts";
import type { Sdp } from "./sdp.ts";
import { fromALaw, keyTone, loudness, measureTone, type Source, silence, type ToneLevel, toALaw, tone } from "./tones.ts";

const samplesPerPacket = 160;
const packetMs = 20;
/** 80 ms: long enough to tell tones 12.5 Hz apart, short enough to hear a key. */
const packetsJudged = 4;
const keys = "0123456789*#ABCD";

/** One RTP packet that came, with its sound (payload type 8) or its key (RFC 4733). */
export interface HeardPacket {
  /** When it was read, by `livedMs`. */
  readonly at: number;
  readonly sound: Int16Array;
  readonly key?: string;
  /** Of its RTP head: who sends, and its number among the sender's packets. */
  readonly source: number;
  readonly sequence: number;
}

/** The sound of one call: sends A-law every 20 ms from `connect` on (silence unless told otherwise), keeps all that comes. */
export class Media {
  readonly heard: Journal<HeardPacket>;
  readonly port: number;
  readonly #socket: Socket;
  #peer: Sdp | undefined;
  #timer: NodeJS.Timeout | undefined;
  #source: Source = silence;
  #sourceAt = 0;
  /** Packets due before sound: a key's events; the last of each key tells that it is sent. */
  readonly #events: { readonly packet: Buffer; readonly sent?: () => void }[] = [];
  #sequence = Math.floor(Math.random() * 30_000);
  #stamp = Math.floor(Math.random() * 1e9);
  readonly #ssrc = Math.floor(Math.random() * 0xffffffff);

  static async open(address: string, name: string): Promise<Media> {
    const socket = createSocket("udp4");
    socket.bind(0, address);
    await once(socket, "listening");
    // A test that hears many calls may be busy for a moment.
    socket.setRecvBufferSize(1 << 19);
    return new Media(socket, name);
  }

  private constructor(socket: Socket, name: string) {
    this.#socket = socket;
    this.port = socket.address().port;
    this.heard = new Journal(`sound at ${name}`, (packet) => packet.key ?? "♪");
    socket.on("message", (datagram) => this.#receive(datagram));
  }

  /** Starts sending to where the peer's description says; again after each new description. */
  connect(peer: Sdp): void {
    this.#peer = peer;
    if (this.#timer) return;
    let due = performance.now();
    this.#timer = setInterval(() => {
      // As many as the time that has passed wants: a late timer loses no sound.
      for (const now = performance.now(); due <= now; due += packetMs) this.#sendNext();
    }, packetMs);
  }

  /** Starts sending to whoever sends first, for a call whose description somebody else has read. RFC 4733 events have type 101. */
  follow(): void {
    this.#socket.once("message", (_, { address, port }) => this.connect({ address, port, direction: "sendrecv", events: 101 }));
  }

  /** Plays one or more frequencies, until something else is played. `peak` of 32,767. */
  play(hertz: number | readonly number[], peak?: number): void {
    this.#use(tone(hertz, peak));
  }

  quiet(): void {
    this.#use(silence);
  }

  /** While paused nothing is sent at all, as most phones do that hold a call. */
  paused = false;

  /** Presses a key by RFC 4733 events; resolves when it is released. */
  press(key: string, ms = 100): Promise<void> {
    const event = keys.indexOf(key);
    const packets = Math.ceil(ms / packetMs);
    return new Promise((sent) => {
      for (let i = 1; i <= packets + 3; i++) {
        const packet = Buffer.alloc(4);
        packet.writeUInt8(event, 0);
        packet.writeUInt8((i > packets ? 0x80 : 0) | 10, 1);
        packet.writeUInt16BE(Math.min(i, packets) * samplesPerPacket, 2);
        this.#events.push(i < packets + 3 ? { packet } : { packet, sent });
      }
    });
  }

  /** Presses a key as tones in the sound; resolves when it is released. */
  pressInBand(key: string, ms = 100): Promise<void> {
    const plays = this.#source;
    const key2 = keyTone(key);
    return new Promise((resolve) => {
      this.#use((n) => {
        if (n < (ms * samplesPerPacket) / packetMs) return key2(n);
        this.#use(plays);
        resolve();
        return 0;
      });
    });
  }

  /** The sound of the last `ms`. */
  last(ms: number): Int16Array {
    const packets = this.heard.all.filter((packet) => packet.key === undefined).slice(-Math.ceil(ms / packetMs));
    return Int16Array.from(packets.flatMap((packet) => [...packet.sound]));
  }

  /** Resolves when a pure tone of this frequency has been heard for 80 ms; also one heard before, from packet number `from` on. */
  async hears(hertz: number, from = 0): Promise<ToneLevel> {
    return await this.#stretch(`${hertz} Hz`, from, (sound) => {
      const level = measureTone(sound, hertz);
      return level.peak > 300 && level.share > 0.8 ? level : undefined;
    });
  }

  /** Resolves when there has been any sound, of whatever kind, for 80 ms. */
  async hearsSomething(from = 0): Promise<number> {
    return await this.#stretch("any sound", from, (sound) => (loudness(sound) > 150 ? loudness(sound) : undefined));
  }

  /** Stops sending and listening. */
  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
    this.close = () => {};
  }

  async #stretch<R>(what: string, from: number, judge: (sound: Int16Array) => R | undefined): Promise<R> {
    let last: Int16Array[] = [];
    let result: R | undefined;
    await this.heard.when(
      what,
      (packet) => {
        if (packet.sound.length === 0) return false;
        last = [...last, packet.sound].slice(-packetsJudged);
        result = last.length < packetsJudged ? undefined : judge(Int16Array.from(last.flatMap((sound) => [...sound])));
        return result !== undefined;
      },
      from,
    );
    return result as R;
  }

  #use(source: Source): void {
    this.#source = source;
    this.#sourceAt = 0;
  }

  #sendNext(): void {
    if (this.paused || !this.#peer || this.#peer.port === 0) return;
    const { packet: event, sent } = this.#events.shift() ?? {};
    const packet = Buffer.alloc(12 + (event ? event.length : samplesPerPacket));
    const first = event !== undefined && event.readUInt16BE(2) === samplesPerPacket;
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8((first ? 0x80 : 0) | (event ? (this.#peer.events ?? 101) : 8), 1);
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE(this.#stamp >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    if (event) {
      event.copy(packet, 12);
      if (sent) {
        // All packets of one key carry the time at which it was pressed (RFC 4733 section 2.5.1.2).
        this.#stamp += event.readUInt16BE(2) + 3 * samplesPerPacket;
        sent();
      }
    } else {
      for (let i = 0; i < samplesPerPacket; i++) packet[12 + i] = toALaw(this.#source(this.#sourceAt++));
      this.#stamp += samplesPerPacket;
    }
    this.#socket.send(packet, this.#peer.port, this.#peer.address);
  }

  #receive(datagram: Buffer): void {
    if (datagram.length < 13 || datagram.readUInt8(0) >> 6 !== 2) return;
    const type = datagram.readUInt8(1) & 0x7f;
    const body = datagram.subarray(12 + 4 * (datagram.readUInt8(0) & 0x0f));
    const packet = { at: livedMs(), source: datagram.readUInt32BE(8), sequence: datagram.readUInt16BE(2) };
    if (type === 8) this.heard.add({ ...packet, sound: Int16Array.from(body, fromALaw) });
    else if (type >= 96 && body.length === 4) this.#receiveKey(packet, body, datagram.readUInt32BE(4));
  }

  #lastKey = -1;
  /** A key counts once, at its first end packet. */
  #receiveKey(packet: Omit<HeardPacket, "sound">, body: Buffer, stamp: number): void {
    if ((body.readUInt8(1) & 0x80) === 0 || stamp === this.#lastKey) return;
    this.#lastKey = stamp;
    this.heard.add({ ...packet, sound: new Int16Array(), key: keys.charAt(body.readUInt8(0)) });
  }
}
