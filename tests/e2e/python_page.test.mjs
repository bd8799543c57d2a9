/* SPDX-License-Identifier: MIT */
// What the Python client pushes, in the page: names, units and dates stand at the axes as px.imshow has them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { closePage, label, launch, openPage, screenPoint, until, untilView } from './support/browser.mjs';
import { startDaemon } from './support/daemon.mjs';
import { npy } from './support/npy.mjs';
import { WAIT_MS, within } from './support/wait.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'imshowd-'));
const socket = join(folder, 'push');

// Prints what px.imshow makes of the array, pushes the same one, and stays until its input ends.
const PROGRAM = `
import json, sys
import numpy as np
import pandas as pd
import xarray as xr
import imshowd
np.bool = bool  # plotly 5.4 asks for the name that NumPy 1.24 took away
import plotly.express as px
array = xr.DataArray(
    np.arange(200.0).reshape(20, 10), dims=['date', 'depth'], name='t',
    coords={'date': pd.date_range('2024-03-01', periods=20), 'depth': np.linspace(0, 45, 10)},
    attrs={'long_name': 'Temperature', 'units': '°C'})
array.coords['depth'].attrs['units'] = 'm'
# px.imshow turns the dates of what it is given into texts
wanted = px.imshow(array.copy()).to_plotly_json()['layout']
live = imshowd.imshow(array, name='sea', on_error='raise', meta={'gain': 2})
live.update(array)
live.wait()
print(json.dumps({'x': wanted['xaxis']['title']['text'], 'y': wanted['yaxis']['title']['text'],
                  'color': wanted['coloraxis']['colorbar']['title']['text']}), flush=True)
sys.stdin.read()
`;

let browser;
let daemon;
let program;
let wanted;

before(async () => {
  daemon = await startDaemon(['--push-unix', socket, 'lab=test:lab']);
  program = spawn('/usr/bin/python3', ['-B', '-c', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PYTHONPATH: join(root, 'clients/python'),
      PYTHONWARNINGS: 'ignore',
      IMSHOW_SERVER: `unix:${socket}`,
    },
  });
  const line = once(program.stdout, 'data').then(([data]) => data.toString());
  wanted = JSON.parse(await within(WAIT_MS, line, 'the program has pushed'));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (program?.exitCode === null) {
    program.stdin.end();
    await once(program, 'exit');
  }
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("an xarray's names, units and dates stand in the page as px.imshow writes them", async () => {
  const page = await openPage(browser, daemon.url, '#/sea');
  try {
    await untilView(page, 'sea', (view) => view.painted > 0);
    const card = page.locator('[data-stream="sea"]');
    const text = (selector) => card.locator(selector).first().textContent();
    await until(() => card.locator('.cbtitle text, .cbcoloraxistitle').count(), 'the colour bar has a title');
    // The live axis tells its unit as well, which px.imshow leaves out.
    assert.equal(await text('.xtitle'), `${wanted.x} [m]`);
    assert.equal(await text('.ytitle'), wanted.y);
    assert.equal(await text('.cbcoloraxistitle, .cbtitle text'), wanted.color);
    const ticks = await card.locator('.ytick text').allTextContents();
    // A date axis of plotly's own, as in px.imshow's figure.
    assert.ok(ticks.length > 2 && ticks.every((tick) => /^(Feb|Mar) \d+(2024)?$/.test(tick)), `dates: ${ticks}`);
    assert.ok(ticks.some((tick) => tick.endsWith('2024')), `dates: ${ticks}`);
    const lines = await until(async () => {
      const point = await screenPoint(page, 'sea', 4, 7, { width: 10, height: 20 });
      if (!point) return null;
      await page.mouse.move(...point);
      const found = await label(page, 'sea');
      return found.length > 2 && found;
    }, 'a label');
    assert.match(lines[1], /^date: 2024-03-(0[789]|10)$/);
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
  } finally {
    await closePage(page);
  }
});

test('uneven coordinates stand where they are, and a hover finds the value there', async () => {
  const body = npy([2, 4], new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]));
  const query = `x=${encodeURIComponent('[0,1,10,100]')}&aspect=auto`;
  const answer = await fetch(`${daemon.url}/push/uneven?${query}`, { method: 'POST', body });
  assert.equal(answer.status, 200, await answer.clone().text());
  const page = await openPage(browser, daemon.url, '#/uneven');
  try {
    await untilView(page, 'uneven', (view) => view.painted > 0);
    // The axis runs from the first cell's edge, -0.5, to the last one's, 145: tenths of its length by coordinate.
    for (const [coordinate, x, value] of [[0, 0, 1], [3, 1, 2], [40, 10, 3], [70, 100, 4], [140, 100, 4]]) {
      const share = (coordinate + 0.5) / 145.5;
      const lines = await until(async () => {
        const clip = await page.locator('[data-stream="uneven"] .picture-clip').boundingBox();
        if (!clip) return null;
        await page.mouse.move(clip.x + share * clip.width, clip.y + 0.25 * clip.height);
        const found = await label(page, 'uneven');
        return found[0] === `x: ${x}` && found[2] && found;
      }, `a label at ${coordinate}`);
      assert.match(lines[2], new RegExp(`: ${value}$`));
    }
    // What is painted there is the colour of that cell.
    const shown = await page.evaluate(() => {
      const canvas = document.querySelector('[data-stream="uneven"] canvas').getBoundingClientRect();
      const clip = document.querySelector('[data-stream="uneven"] .picture-clip').getBoundingClientRect();
      return [canvas.left - clip.left, canvas.right - clip.right, canvas.width];
    });
    assert.ok(Math.abs(shown[0]) < 1.5 && Math.abs(shown[1]) < 1.5 && shown[2] > 100, `${shown}`);
  } finally {
    await closePage(page);
  }
});
