/* SPDX-License-Identifier: MIT */
// The daemon's clock as seen from here: docs/protocol.md section 8.

/** Clocks drift apart, so an old ping must not hold the offset for ever. */
const KEPT_PINGS = 15;

export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

export class Clock {
  private offsetUs = 0;
  private pings: { roundTripUs: number; offsetUs: number }[] = [];

  /** A first guess, until a ping has come back. */
  hello(serverUs: number, hereUs: number): void {
    this.pings = [];
    this.offsetUs = serverUs - hereUs;
  }

  pong(sentUs: number, receivedUs: number, serverUs: number): void {
    const roundTripUs = receivedUs - sentUs;
    this.pings.push({ roundTripUs, offsetUs: serverUs - (sentUs + receivedUs) / 2 });
    if (this.pings.length > KEPT_PINGS) this.pings.shift();
    const best = this.pings.reduce((a, b) => (b.roundTripUs < a.roundTripUs ? b : a));
    this.offsetUs = best.offsetUs;
  }

  /** What the daemon's clock shows at `hereUs`. */
  serverUs(hereUs: number): number {
    return hereUs + this.offsetUs;
  }
}
