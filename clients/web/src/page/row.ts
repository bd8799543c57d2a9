/* SPDX-License-Identifier: MIT */
// A control in the panel: caption, widget, reset, range, and what the daemon had against a change.

import { hasDefault, hintOf, isFixed, type Control, type ControlValue } from './control.ts';
import { make, setText } from './dom.ts';
import { widgetFor, type Widget } from './widget.ts';

/** null: back to the default. */
export type Turn = (name: string, value: number | string | null) => void;

let rows = 0;

export class Row {
  readonly element: HTMLElement;
  private readonly hint = make('span', 'hint');
  private readonly fault = make('span', 'fault');
  private readonly reset = make('button', 'reset');
  private readonly widget: Widget;
  private value: ControlValue = null;

  static of(control: Control, turn: Turn): Row | null {
    const events = {
      turn: (value: number | string) => turn(control.name, value),
      fail: (text: string) => row.fail(text),
    };
    const widget = widgetFor(control, events);
    if (!widget) return null;
    const row: Row = new Row(control, widget, turn);
    return row;
  }

  private constructor(
    private control: Control,
    widget: Widget,
    turn: Turn,
  ) {
    this.widget = widget;
    rows += 1;
    const id = `control-${rows}`;
    const [first] = widget.fields;
    first.id = id;
    this.hint.id = `${id}-hint`;
    this.fault.id = `${id}-fault`;
    this.fault.setAttribute('role', 'alert');
    for (const field of widget.fields) {
      field.setAttribute('aria-describedby', `${this.hint.id} ${this.fault.id}`);
    }
    const caption = make('label', 'caption');
    caption.htmlFor = id;
    setText(caption, control.type === 'button' ? '' : control.title || control.name);
    caption.title = control.name;
    this.reset.type = 'button';
    this.reset.title = 'Back to the default';
    this.reset.setAttribute('aria-label', `${control.title}: back to the default`);
    setText(this.reset, '↺');
    this.reset.addEventListener('click', () => turn(control.name, null));
    const fields = make('span', `fields ${control.type}`, ...[...widget.fields].reverse());
    this.element = make('div', 'control', caption, fields, this.reset, this.hint, this.fault);
    this.element.dataset.control = control.name;
    this.update(control);
  }

  /** Somebody types or drags right now. */
  get isHeld(): boolean {
    return this.widget.fields.some((field) => 'editing' in field.dataset);
  }

  update(control: Control): void {
    this.control = control;
    const isGreyed = isFixed(control) || control.flags.includes('inactive');
    this.element.classList.toggle('greyed', isGreyed);
    for (const field of this.widget.fields) field.disabled = isGreyed;
    setText(this.hint, hintOf(control));
    this.show(control.value);
  }

  show(value: ControlValue): void {
    this.value = value;
    this.widget.show(value);
    // Out of sight it keeps its place, so that nothing jumps.
    const isOff = hasDefault(this.control) && value !== this.control.default;
    this.reset.style.visibility = isOff ? '' : 'hidden';
    this.reset.disabled = !isOff;
  }

  /** The text beside the widget, which shows what is true again; '': all is well. */
  fail(text: string): void {
    setText(this.fault, text);
    this.element.classList.toggle('refused', text !== '');
    if (text && !this.isHeld) this.widget.show(this.value);
  }
}
