/* SPDX-License-Identifier: MIT */
// What one turns a control with: a slider with a box, a check box, a menu, a button, a field.

import { hasSlider, typedNumber, valueText, type Control, type ControlValue } from './control.ts';
import { make, setText } from './dom.ts';

export interface Widget {
  /** The one that the caption belongs to is the first. */
  fields: (HTMLInputElement | HTMLSelectElement | HTMLButtonElement)[];
  show(value: ControlValue): void;
}

export interface WidgetEvents {
  turn(value: number | string): void;
  /** What was typed is no value. */
  fail(text: string): void;
}

/** Between the first change and the last one a field is its user's. */
function marksEditing(field: HTMLInputElement): void {
  const end = () => delete field.dataset.editing;
  field.addEventListener('input', () => (field.dataset.editing = ''));
  for (const event of ['change', 'blur', 'pointerup', 'pointercancel']) {
    field.addEventListener(event, end);
  }
}

function input(type: string): HTMLInputElement {
  const field = make('input');
  field.type = type;
  field.autocomplete = 'off';
  marksEditing(field);
  return field;
}

function typed(text: string, events: WidgetEvents): void {
  const value = typedNumber(text);
  if (value === null) events.fail(`${text.slice(0, 40) || 'nothing'}: give an integer`);
  else events.turn(value);
}

function integer(c: Control, events: WidgetEvents): Widget {
  const box = input('number');
  const fields = [box];
  if (hasSlider(c)) fields.push(input('range'));
  for (const field of fields) {
    field.min = String(c.minimum);
    field.max = String(c.maximum);
    field.step = String(Math.max(c.step, 1));
  }
  const slider = fields[1];
  slider?.setAttribute('aria-label', c.title);
  slider?.addEventListener('input', () => {
    box.value = slider.value;
    events.turn(slider.valueAsNumber);
  });
  box.addEventListener('change', () => typed(box.value, events));
  return {
    fields,
    show(value) {
      for (const field of fields) field.value = valueText(c, value);
    },
  };
}

function bitmask(c: Control, events: WidgetEvents): Widget {
  const field = input('text');
  field.spellcheck = false;
  field.addEventListener('change', () => typed(field.value, events));
  return { fields: [field], show: (value) => void (field.value = valueText(c, value)) };
}

function text(c: Control, events: WidgetEvents): Widget {
  const field = input('text');
  field.maxLength = Math.max(c.maximum, 0);
  field.addEventListener('change', () => events.turn(field.value));
  return { fields: [field], show: (value) => void (field.value = valueText(c, value)) };
}

function checkBox(_c: Control, events: WidgetEvents): Widget {
  const field = make('input');
  field.type = 'checkbox';
  field.addEventListener('change', () => events.turn(field.checked ? 1 : 0));
  return { fields: [field], show: (value) => void (field.checked = Boolean(value)) };
}

function menu(c: Control, events: WidgetEvents): Widget {
  const field = make('select');
  for (const { index, name } of c.menu ?? []) {
    const option = make('option');
    option.value = String(index);
    setText(option, name);
    field.append(option);
  }
  field.addEventListener('change', () => events.turn(Number(field.value)));
  return { fields: [field], show: (value) => void (field.value = valueText(c, value)) };
}

function button(c: Control, events: WidgetEvents): Widget {
  const field = make('button');
  field.type = 'button';
  setText(field, c.title);
  field.addEventListener('click', () => events.turn(1));
  return { fields: [field], show: () => undefined };
}

const MAKERS: { [type: string]: (c: Control, events: WidgetEvents) => Widget } = {
  integer,
  integer64: integer,
  bitmask,
  string: text,
  boolean: checkBox,
  menu,
  'integer-menu': menu,
  button,
};

/** Null: a type that this page does not know. */
export function widgetFor(c: Control, events: WidgetEvents): Widget | null {
  return Object.hasOwn(MAKERS, c.type) ? MAKERS[c.type](c, events) : null;
}
