/* SPDX-License-Identifier: MIT */
// The WebSocket: opens it, opens it again when it breaks, pings for the clock and for life.

import type { Link } from '../shared/port.ts';
import { ProtocolError } from '../wire/assemble.ts';
import {
  decodeMessage,
  encodeMessage,
  SUBPROTOCOL,
  type ClientMessage,
  type ServerMessage,
} from '../wire/message.ts';
import { Clock, nowUs } from './clock.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const PING_EVERY_MS = 2000;
/** Three pings without an answer: the peer is gone, though the socket does not know yet. */
const SILENCE_MS = 7000;
/** Acks and hovers are tiny; when this much is unsent, nothing that is said now arrives in time. */
const MAX_UNSENT_BYTES = 1 << 20;

export interface ConnectionEvents {
  onLink(link: Link, reason: string, server: string): void;
  onMessage(message: ServerMessage): void;
}

export class Connection {
  readonly clock = new Clock();
  private socket: WebSocket | null = null;
  private retryMs = FIRST_RETRY_MS;
  private heardMs = 0;
  private pinged: { request: number; sentUs: number } | null = null;
  private requests = 0;
  private breachText = '';

  constructor(
    private readonly url: string,
    private readonly events: ConnectionEvents,
  ) {
    setInterval(() => this.ping(), PING_EVERY_MS);
    this.connect();
  }

  nextRequest(): number {
    this.requests += 1;
    return this.requests;
  }

  /** Since anything was heard; pings see to it that a healthy peer is never silent for long. */
  silentMs(): number {
    return this.socket ? performance.now() - this.heardMs : 0;
  }

  send(message: ClientMessage): boolean {
    const socket = this.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) return false;
    socket.send(encodeMessage(message) as BufferSource);
    return true;
  }

  /** The server broke the protocol: away with this connection, a new one starts from whole pictures. A browser
   * may not say 1002 itself, so it is said by 4002. */
  breach(error: ProtocolError): void {
    this.breachText = error.message;
    this.socket?.close(4002, error.message.slice(0, 120));
  }

  private connect(): void {
    this.events.onLink('connecting', '', '');
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.heardMs = performance.now();
    socket.onopen = () => this.ping();
    socket.onmessage = (event) => this.receive(event.data);
    socket.onclose = (event) => this.closed(socket, event.reason);
  }

  private closed(socket: WebSocket, reason: string): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.pinged = null;
    const text = this.breachText || reason || 'no connection to the server';
    this.breachText = '';
    this.events.onLink('lost', text, '');
    setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private receive(data: unknown): void {
    const receivedUs = nowUs();
    this.heardMs = performance.now();
    if (!(data instanceof ArrayBuffer)) return;
    try {
      const message = decodeMessage(data);
      if (message.type === 'hello') {
        this.retryMs = FIRST_RETRY_MS;
        this.clock.hello(message.time_us, receivedUs);
        this.events.onLink('open', '', message.server);
      } else if (message.type === 'pong') {
        this.pong(message.request, message.time_us, receivedUs);
      } else {
        this.events.onMessage(message);
      }
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.breach(new ProtocolError(text));
    }
  }

  private ping(): void {
    const socket = this.socket;
    if (!socket) return;
    if (this.silentMs() > SILENCE_MS) {
      // close() would wait for a peer that does not answer.
      socket.onclose = null;
      socket.close();
      this.closed(socket, 'the server does not answer');
      return;
    }
    const request = this.nextRequest();
    if (this.send({ type: 'ping', request })) this.pinged = { request, sentUs: nowUs() };
  }

  private pong(request: number, serverUs: number, receivedUs: number): void {
    if (this.pinged?.request !== request) return;
    this.clock.pong(this.pinged.sentUs, receivedUs, serverUs);
    this.pinged = null;
  }
}
