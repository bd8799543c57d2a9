/* SPDX-License-Identifier: MIT */
// The real daemon on a free port.
//
//   const daemon = await startDaemon(['lab=test:lab']);
//   await fetch(`${daemon.url}/healthz`);
//   await daemon.stop();     // SIGTERM; throws unless it ends cleanly
//
// The program is IMSHOWD_BUILD/bin/imshowd, build/asan/bin/imshowd by default.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WAIT_MS, within } from './wait.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const build = process.env.IMSHOWD_BUILD ?? join(root, 'build/asan');

const SANITIZER = /(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:/;

class Daemon {
  log = '';
  url = '';
  port = 0;

  constructor(args, port, env) {
    const program = join(build, 'bin/imshowd');
    this.state = mkdtempSync(join(tmpdir(), 'imshowd-state-'));
    const own = ['--port', String(port), '--state-dir', this.state, '--config', '/dev/null'];
    this.child = spawn(program, [...own, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => {
      // 'close' comes after the last of the output, unlike 'exit'.
      this.child.on('close', (code, signal) => {
        rmSync(this.state, { recursive: true, force: true });
        resolve({ code, signal });
      });
      this.child.on('error', (error) => resolve({ code: -1, signal: null, error }));
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        this.log += text;
        this.child.emit('log');
      });
    }
  }

  /** Resolves when the log matches; rejects when the daemon ends before. */
  async logged(pattern) {
    const ended = this.ended.then(({ code, error }) => {
      throw new Error(`imshowd ended with ${error ?? code} before ${pattern}:\n${this.log}`);
    });
    ended.catch(() => {});
    const seen = async () => {
      for (;;) {
        const match = pattern.exec(this.log);
        if (match) return match;
        await Promise.race([once(this.child, 'log'), ended]);
      }
    };
    return within(WAIT_MS, seen(), `imshowd says ${pattern}`);
  }

  /** Ends it as systemd does, and holds it to a clean end. */
  async stop() {
    this.child.kill('SIGTERM');
    const end = await within(WAIT_MS, this.ended, 'imshowd ends').catch((error) => {
      this.child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.log}`);
    });
    assert.ok(!SANITIZER.test(this.log), `a sanitizer's report:\n${this.log}`);
    assert.equal(end.code, 0, `imshowd ended with ${end.code ?? end.signal}:\n${this.log}`);
  }

  /** Ends it as a power cut does. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** A free port for a daemon that is started on it twice. The kernel gives ports from 32768 on to whoever asks for
 * any, also to the other end of a connection: one of those may be taken while the daemon is away. */
export async function steadyPort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

export async function startDaemon(args, { port = 0, env = {} } = {}) {
  const daemon = new Daemon(args, port, env);
  const match = await daemon.logged(/listening on (https?:\/\/[^\s/]+:(\d+))/).catch((error) => {
    daemon.child.kill('SIGKILL');
    throw error;
  });
  daemon.url = match[1];
  daemon.port = Number(match[2]);
  return daemon;
}
