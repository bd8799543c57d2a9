/* SPDX-License-Identifier: MIT */
// A camera's control as the daemon tells it (docs/protocol.md section 11), and what its widgets need of it.

export type ControlValue = number | string | null;

export interface Control {
  name: string;
  title: string;
  type: string;
  class: string;
  minimum: number;
  maximum: number;
  step: number;
  default: number;
  value: ControlValue;
  menu?: { index: number; name: string }[];
  flags: string[];
}

/** As many as a source may have; of a longer answer the rest is left out. */
const CONTROLS_MAX = 256;

function isControl(value: unknown): value is Control {
  const c = value as Control | null;
  return (
    typeof c === 'object' &&
    c !== null &&
    typeof c.name === 'string' &&
    typeof c.type === 'string' &&
    Array.isArray(c.flags)
  );
}

/** From an answer's body; what no widget could show is left out. */
export function controlsOf(body: unknown): Control[] {
  const list = (body as { controls?: unknown } | null)?.controls;
  if (!Array.isArray(list)) return [];
  const usable = list.filter((each) => isControl(each) && !each.flags.includes('disabled'));
  return usable.slice(0, CONTROLS_MAX);
}

export function isFixed(c: Control): boolean {
  return c.flags.includes('read-only') || c.flags.includes('grabbed');
}

/** A slider has a place for each step, and JavaScript a number. */
export function hasSlider(c: Control): boolean {
  const isExact = Number.isSafeInteger(c.minimum) && Number.isSafeInteger(c.maximum);
  return /^integer(64)?$/.test(c.type) && isExact && c.maximum > c.minimum;
}

/** A bitmask reads as hexadecimal, all else as it is. */
export function valueText(c: Control, value: ControlValue): string {
  if (value === null) return '';
  return c.type === 'bitmask' ? `0x${Number(value).toString(16)}` : String(value);
}

/** The number that was typed, in decimal or hexadecimal; null: none that could be sent exactly. */
export function typedNumber(text: string): number | null {
  const trimmed = text.trim();
  const value = trimmed === '' ? NaN : Number(trimmed);
  return Number.isSafeInteger(value) ? value : null;
}

/** What a control can be given back; buttons do and have no state, a text's own is not known. */
export function hasDefault(c: Control): boolean {
  return c.type !== 'button' && c.type !== 'string' && !isFixed(c);
}

/** What "Reset all" turns: not what has no effect now, or turns by itself. */
export function isReset(c: Control): boolean {
  return hasDefault(c) && c.flags.length === 0;
}

function defaultText(c: Control): string {
  const item = c.menu?.find((each) => each.index === c.default);
  if (item) return item.name;
  if (c.type === 'boolean') return c.default ? 'on' : 'off';
  return valueText(c, c.default);
}

/** Why it is greyed. */
function flagText(c: Control): string {
  if (c.flags.includes('read-only')) return 'can only be read';
  if (c.flags.includes('grabbed')) return 'cannot be changed while the camera streams';
  return c.flags.includes('inactive') ? 'has no effect now' : '';
}

/** "0 to 255 in steps of 5, default 128" */
export function hintOf(c: Control): string {
  const parts: string[] = [];
  if (c.type === 'integer' || c.type === 'integer64') {
    const steps = c.step > 1 ? ` in steps of ${c.step}` : '';
    parts.push(`${c.minimum} to ${c.maximum}${steps}`);
  }
  if (c.type === 'bitmask') parts.push(`bits of ${valueText(c, c.maximum)}`);
  if (c.type === 'string') parts.push(`${c.minimum} to ${c.maximum} bytes`);
  if (c.type !== 'button' && c.type !== 'string') parts.push(`default ${defaultText(c)}`);
  const why = flagText(c);
  if (why) parts.push(why);
  return parts.join(', ');
}
