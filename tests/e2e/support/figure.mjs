/* SPDX-License-Identifier: MIT */
// A figure's page, opened from its file.
//
//   const page = await openFigure(browser, '/some/where/heatmap.html');
//   await drawn(page);
//   await page.screenshot({ path: 'heatmap.png' });
//   await closePage(page);   // throws on a console error, an uncaught one, or a request that left the file

import { pathToFileURL } from 'node:url';
import { until } from './browser.mjs';
import { WAIT_MS } from './wait.mjs';

export const SIZE = { width: 720, height: 480 };

export async function openFigure(browser, path, viewport = SIZE) {
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(WAIT_MS);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') page.faults.push(message.text());
  });
  await page.route('**', (route) => {
    const url = route.request().url();
    if (/^(file|data|blob):/.test(url)) return route.continue();
    page.faults.push(`asked for ${url}`);
    return route.abort();
  });
  await page.goto(pathToFileURL(path).href);
  await drawn(page);
  return page;
}

/** Until plotly has drawn axes and has the frames that the page gives it, and all pictures within the figure are
 * there and decoded. */
export async function drawn(page) {
  const isDrawn = () => {
    const figure = document.getElementById('figure');
    const own = [...document.scripts].at(-1).text;
    const frames = figure._transitionData?._frames ?? [];
    if (own.includes('Plotly.addFrames(figure, ') && frames.length === 0) return false;
    return figure.querySelector('.main-svg') !== null;
  };
  await until(() => page.evaluate(isDrawn), 'the figure is drawn');
  const areDecoded = async () => {
    await Promise.all(document.getElementById('figure')._promises ?? []);
    const sources = [...document.querySelectorAll('#figure image')].map(
      (each) => each.getAttribute('href') ?? each.getAttribute('xlink:href'),
    );
    // An image stands there before plotly has made its picture.
    if (sources.includes(null)) return false;
    await Promise.all(sources.map((src) => Object.assign(new Image(), { src }).decode()));
    for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
    return true;
  };
  await until(() => page.evaluate(areDecoded), 'the pictures are decoded');
}

/** Stands still at the first frame. */
export async function rest(page) {
  await page.evaluate(async () => {
    const figure = document.getElementById('figure');
    const frames = figure._transitionData?._frames ?? [];
    if (frames.length === 0) return;
    const now = { frame: { duration: 0, redraw: true }, mode: 'immediate', transition: { duration: 0 } };
    await window.Plotly.animate(figure, [frames[0].name], now);
  });
  await drawn(page);
}
