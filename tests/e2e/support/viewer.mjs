/* SPDX-License-Identifier: MIT */
// A second viewer, written apart from the page: it says what the daemon really sent.
//
//   const viewer = await connect(daemon.url);
//   const watching = await viewer.watch('thermal');
//   const picture = await viewer.picture((p) => p.seq === 12);
//   viewer.close();

import { decode, encode } from '@msgpack/msgpack';
import { WebSocket } from 'ws';
import { WAIT_MS } from './wait.mjs';

/** Pictures that are kept, newest last: enough to find the one that a page showed a second ago. */
const KEPT = 300;

class Viewer {
  pictures = [];
  messages = [];
  #requests = 0;
  #waiting = new Set();
  #partial = null;

  constructor(socket) {
    this.socket = socket;
    socket.on('message', (bytes) => this.#receive(decode(bytes)));
  }

  send(message) {
    this.socket.send(encode(message));
  }

  request(message) {
    this.#requests += 1;
    const request = this.#requests;
    this.send({ ...message, request });
    return this.#find(this.messages, (m) => m.request === request, message.type);
  }

  async watch(stream, keys = {}) {
    const answer = await this.request({ type: 'watch', stream, ...keys });
    if (answer.type !== 'watching') throw new Error(`watch ${stream}: ${answer.text}`);
    return answer;
  }

  message(test) {
    return this.#find(this.messages, test, `${test}`);
  }

  picture(test) {
    return this.#find(this.pictures, test, `${test}`);
  }

  close() {
    this.socket.terminate();
  }

  #receive(message) {
    if (message.type === 'picture') {
      this.#partial = { ...message, chunks: [message.data] };
    } else if (message.type === 'part') {
      this.#partial.chunks.push(message.data);
    } else {
      this.messages.push(message);
      if (this.messages.length > KEPT) this.messages.shift();
    }
    const partial = this.#partial;
    if (partial && partial.chunks.length === partial.parts) {
      this.#partial = null;
      this.pictures.push({ ...partial, data: Buffer.concat(partial.chunks) });
      if (this.pictures.length > KEPT) this.pictures.shift();
      this.send({ type: 'ack', view: partial.view, picture: partial.picture });
    }
    for (const look of [...this.#waiting]) look();
  }

  #find(list, test, what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = list.find(test);
        if (found) done(() => resolve(found));
      };
      const gone = () => done(() => reject(new Error(`the connection closed before ${what}`)));
      const late = () => done(() => reject(new Error(`not within ${WAIT_MS} ms: ${what}`)));
      const timer = setTimeout(late, WAIT_MS);
      const done = (end) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        this.socket.off('close', gone);
        end();
      };
      this.#waiting.add(look);
      this.socket.on('close', gone);
      look();
    });
  }
}

export function connect(url) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, 'imshow.v1');
  socket.binaryType = 'nodebuffer';
  const viewer = new Viewer(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(viewer));
    socket.once('error', reject);
  });
}

const READ = {
  '|u1': (data, i) => data.readUInt8(i),
  '<u2': (data, i) => data.readUInt16LE(2 * i),
  '<f4': (data, i) => data.readFloatLE(4 * i),
};

/** The value of pixel (x, y) of a raw picture. */
export function valueAt(picture, x, y) {
  return READ[picture.dtype](picture.data, y * picture.width + x);
}
