/* SPDX-License-Identifier: MIT */
// Plotly takes colours, not CSS variables: they are read from the style sheet when light and dark change.

import type { Theme } from './figure.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  return {
    text: style.getPropertyValue('--text').trim(),
    line: style.getPropertyValue('--dim').trim(),
  };
}

export function onThemeChange(listener: () => void): void {
  dark.addEventListener('change', listener);
}
