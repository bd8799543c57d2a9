/* SPDX-License-Identifier: MIT */
// Wishes on their way to somebody slow: one goes at a time, and of each name only the newest waits.

export class Newest<T> {
  private readonly waiting = new Map<string, T>();
  private current: string | null = null;

  /** `send` never throws; the next wish goes when it is done. */
  constructor(private readonly send: (name: string, wish: T) => Promise<void>) {}

  /** A name keeps its place in the row, so that none waits for ever behind one that moves all the time. */
  put(name: string, wish: T): void {
    this.waiting.set(name, wish);
    if (this.current === null) void this.run();
  }

  isWaiting(name: string): boolean {
    return this.waiting.has(name);
  }

  isBusy(name: string): boolean {
    return this.current === name || this.waiting.has(name);
  }

  get isIdle(): boolean {
    return this.current === null;
  }

  private async run(): Promise<void> {
    for (;;) {
      const [next] = this.waiting;
      if (!next) break;
      const [name, wish] = next;
      this.waiting.delete(name);
      this.current = name;
      await this.send(name, wish);
    }
    this.current = null;
  }
}
