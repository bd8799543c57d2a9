/* SPDX-License-Identifier: MIT */
// What the link may take off a picture: whether it may at all, and how far. Kept by the browser for each stream.

import type { ViewKeys } from '../wire/message.ts';
import { make, setText } from './dom.ts';

export interface Bounds {
  adapt: boolean;
  quality_min: number;
  scale_max: number;
  /** Pictures a second; 0: any. */
  rate_max: number;
}

/** As docs/protocol.md has them. */
export const usual: Bounds = { adapt: true, quality_min: 40, scale_max: 8, rate_max: 0 };
const LEAST: Omit<Bounds, 'adapt'> = { quality_min: 1, scale_max: 1, rate_max: 0.1 };
const MOST: Omit<Bounds, 'adapt'> = { quality_min: 100, scale_max: 32, rate_max: 1000 };
type NumberKey = keyof typeof LEAST;

/** The number within its range; what is none is as usual. */
function within(key: NumberKey, value: unknown): number {
  const number = typeof value === 'number' ? value : Number.NaN;
  if (!Number.isFinite(number) || number <= 0) return usual[key];
  return Math.min(Math.max(number, LEAST[key]), MOST[key]);
}

/** Reads what was kept; text of others, or of older pages, does no harm. */
export function parseBounds(text: string | null): Bounds {
  let found: Partial<Record<keyof Bounds, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (parsed && typeof parsed === 'object') found = parsed;
  } catch {
    return usual;
  }
  return {
    adapt: typeof found.adapt === 'boolean' ? found.adapt : usual.adapt,
    quality_min: Math.round(within('quality_min', found.quality_min)),
    scale_max: within('scale_max', found.scale_max),
    rate_max: within('rate_max', found.rate_max),
  };
}

/** The keys of a `watch`: what is as usual is left out. */
export function boundsKeys(bounds: Bounds): ViewKeys {
  const keys: ViewKeys = { adapt: bounds.adapt };
  if (bounds.rate_max > 0) keys.rate_max = bounds.rate_max;
  if (!bounds.adapt) return keys;
  if (bounds.quality_min !== usual.quality_min) keys.quality_min = bounds.quality_min;
  if (bounds.scale_max !== usual.scale_max) keys.scale_max = bounds.scale_max;
  return keys;
}

export function boundsText(bounds: Bounds): string {
  const rate = bounds.rate_max > 0 ? `, at most ${bounds.rate_max}/s` : '';
  if (!bounds.adapt) return `as asked${rate}`;
  const isUsual = bounds.quality_min === usual.quality_min && bounds.scale_max === usual.scale_max;
  return `adapts${isUsual ? '' : ' within bounds'}${rate}`;
}

const KEPT = 'imshowd.link.';

/** Browsers may keep nothing, as in private windows. */
function stored(stream: string): Bounds {
  try {
    return parseBounds(localStorage.getItem(KEPT + stream));
  } catch {
    return usual;
  }
}

function store(stream: string, bounds: Bounds): void {
  try {
    if (JSON.stringify(bounds) === JSON.stringify(usual)) localStorage.removeItem(KEPT + stream);
    else localStorage.setItem(KEPT + stream, JSON.stringify(bounds));
  } catch {
    // They hold until the page is left.
  }
}

function labelled(input: HTMLInputElement, caption: string, hint: string): HTMLLabelElement {
  const text = make('span');
  setText(text, caption);
  const label = make('label', '', text, input);
  label.title = hint;
  return label;
}

/** A number of which '' stands for what is usual. */
function numberInput(key: NumberKey, step: string): HTMLInputElement {
  const input = make('input');
  input.type = 'number';
  input.name = key;
  input.min = String(LEAST[key]);
  input.max = String(MOST[key]);
  input.step = step;
  input.placeholder = usual[key] > 0 ? String(usual[key]) : 'any';
  return input;
}

export class LinkBounds {
  bounds: Bounds;
  private readonly summary = make('summary');
  private readonly adapt = make('input');
  private readonly numbers = {
    quality_min: numberInput('quality_min', '1'),
    scale_max: numberInput('scale_max', 'any'),
    rate_max: numberInput('rate_max', 'any'),
  };

  constructor(
    element: HTMLElement,
    private readonly stream: string,
    private readonly onChange: () => void,
  ) {
    const { summary, adapt, numbers } = this;
    this.bounds = stored(stream);
    adapt.type = 'checkbox';
    adapt.name = 'adapt';
    summary.title = 'What a slow connection may take off the pictures of this stream, in this browser';
    const panel = make(
      'div',
      '',
      labelled(adapt, 'adapt to the connection', 'Smaller and coarser pictures in time instead of whole ones late'),
      labelled(numbers.quality_min, 'quality at least', 'JPEG gets no coarser than this, 1 to 100'),
      labelled(numbers.scale_max, 'times smaller at most', 'The picture gets at most so many times smaller each way, 1 to 32'),
      labelled(numbers.rate_max, 'pictures a second at most', 'With or without adapting, 0.1 to 1000'),
    );
    element.append(make('details', 'bounds', summary, panel));
    element.lastElementChild?.addEventListener('change', () => this.take());
    this.show();
  }

  private take(): void {
    const value = (input: HTMLInputElement) => (input.value === '' ? null : Number(input.value));
    const { quality_min, scale_max, rate_max } = this.numbers;
    const asked = {
      adapt: this.adapt.checked,
      quality_min: value(quality_min),
      scale_max: value(scale_max),
      rate_max: value(rate_max),
    };
    this.bounds = parseBounds(JSON.stringify(asked));
    store(this.stream, this.bounds);
    this.show();
    this.onChange();
  }

  private show(): void {
    const { bounds, numbers } = this;
    setText(this.summary, `link: ${boundsText(bounds)}`);
    this.adapt.checked = bounds.adapt;
    for (const [name, input] of Object.entries(numbers)) {
      const key = name as NumberKey;
      input.value = bounds[key] === usual[key] ? '' : String(bounds[key]);
      input.disabled = key !== 'rate_max' && !bounds.adapt;
    }
  }
}
