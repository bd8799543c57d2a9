/* SPDX-License-Identifier: MIT */
// node shots.mjs PAGE.html FOLDER: draws each figure FOLDER/*.json by the plotly.js of PAGE, which
// `imshow figure` wrote, in Chromium, with all text hidden, into FOLDER/*.png.

import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closePage, launch } from '../e2e/support/browser.mjs';
import { drawn, openFigure } from '../e2e/support/figure.mjs';

const [html, folder] = process.argv.slice(2);
const browser = await launch();
const page = await openFigure(browser, resolve(html));
await page.addStyleTag({ content: 'text { visibility: hidden !important; }' });
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  await page.evaluate(
    async ({ data, layout, frames }) => {
      window.Plotly.purge('figure');
      await window.Plotly.newPlot('figure', data, layout, { displayModeBar: false });
      if (frames) await window.Plotly.addFrames('figure', frames);
    },
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  );
  await drawn(page);
  await page.screenshot({ path: join(folder, file.replace(/json$/, 'png')) });
}
await closePage(page);
await browser.close();
