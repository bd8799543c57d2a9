/* SPDX-License-Identifier: MIT */
// Counts what reaches the screen: pictures a second, latency, frames that were left out.

const RATE_WINDOW_MS = 2000;
/** Weight of the newest latency, so that the number can be read. */
const SMOOTHING = 0.2;

export class Meter {
  painted = 0;
  dropped = 0;
  /** 0 before a second picture: how old the first is says when one began to look, not how late it came. */
  latencyMs = 0;
  private lastMs = 0;
  private inView = 0;
  private times: number[] = [];
  private lastSeq = -1;
  private rested = false;

  /** A picture came: what lies between its frame and the last one was skipped. After an `advance` the frames
   * between were equal to the picture, so that nothing was lost to the eye. */
  arrived(seq: number): void {
    if (this.lastSeq >= 0 && seq > this.lastSeq + 1 && !this.rested) {
      this.dropped += seq - this.lastSeq - 1;
    }
    this.lastSeq = seq;
    this.rested = false;
  }

  advanced(seq: number): void {
    this.lastSeq = seq;
    this.rested = true;
  }

  /** The newest frame is equal to the last picture. */
  get isStill(): boolean {
    return this.rested;
  }

  /** A picture that came, but was overtaken before it was painted. */
  givenUp(): void {
    this.dropped += 1;
  }

  paintedAt(nowMs: number, latencyMs: number): void {
    this.painted += 1;
    this.inView += 1;
    this.lastMs = nowMs;
    if (this.inView === 2) this.latencyMs = latencyMs;
    if (this.inView > 2) this.latencyMs += SMOOTHING * (latencyMs - this.latencyMs);
    this.times.push(nowMs);
    this.forget(nowMs);
  }

  /** Since a picture was painted; 0 when none was. */
  restingMs(nowMs: number): number {
    return this.inView === 0 ? 0 : nowMs - this.lastMs;
  }

  rate(nowMs: number): number {
    this.forget(nowMs);
    const first = this.times[0];
    if (first === undefined || this.times.length < 2) return 0;
    // Counted up to now, not to the last picture: a stream that stops must be seen to slow down.
    return ((this.times.length - 1) * 1000) / Math.max(nowMs - first, 1);
  }

  /** A new view of the stream: what happened meanwhile was not lost, nobody looked. */
  restart(): void {
    this.lastSeq = -1;
    this.rested = false;
    this.inView = 0;
    this.latencyMs = 0;
    this.times = [];
  }

  /** Another view of the same stream goes on where this one stood; its first picture may be of an old frame. */
  continued(seq: number): void {
    this.lastSeq = seq;
    this.rested = false;
    this.inView = 0;
  }

  private forget(nowMs: number): void {
    while (this.times.length > 0 && nowMs - this.times[0] > RATE_WINDOW_MS) this.times.shift();
  }
}
