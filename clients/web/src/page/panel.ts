/* SPDX-License-Identifier: MIT */
// The panel of a camera's controls. What is turned goes to the daemon, newest first and one at a time; what others
// turn comes as `controls` messages and moves the widgets.

import { askControls, turnControls, type Answer } from './api.ts';
import { isReset, type Control, type ControlValue } from './control.ts';
import { make, setText } from './dom.ts';
import { Newest } from './newest.ts';
import { Row } from './row.ts';

/** After others changed something: flags and ranges may be others now, and only the list tells them. */
const REFRESH_MS = 600;
const RETRY_MS = 3000;

type Wish = number | string | null;

/** Stands for all controls in the row of wishes; no control's name has a space. */
const ALL = 'all of them';

export class Panel {
  private readonly rows = new Map<string, Row>();
  private controls: Control[] = [];
  private form = '';
  private isOpen = false;
  isLive = false;
  private timer = 0;
  private turns = 0;
  private readonly fault = make('p', 'fault');
  private readonly groups = make('div', 'groups');
  private readonly wishes = new Newest<Wish>((name, wish) => this.send(name, wish));

  constructor(
    private readonly stream: string,
    private readonly button: HTMLButtonElement,
    private readonly element: HTMLElement,
    private readonly onToggle: (isOpen: boolean) => void,
  ) {
    const reset = make('button', 'reset-all');
    reset.type = 'button';
    setText(reset, 'Reset all');
    reset.title = 'All controls back to their defaults';
    reset.addEventListener('click', () => this.wishes.put(ALL, null));
    this.fault.setAttribute('role', 'alert');
    const heading = make('h2');
    setText(heading, 'Controls');
    element.append(make('header', '', heading, reset), this.fault, this.groups);
    button.addEventListener('click', () => this.toggle(!this.isOpen));
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.toggle(false);
      button.focus();
    });
  }

  /** A camera that is lost has no controls to turn, and other ones perhaps when it is back. */
  setLive(isLive: boolean): void {
    if (this.isLive === isLive) return;
    this.isLive = isLive;
    this.element.toggleAttribute('inert', !isLive);
    if (isLive) void this.load();
  }

  takeChanges(changed: { [name: string]: ControlValue }): void {
    if (!this.isOpen) return;
    for (const [name, value] of Object.entries(changed)) {
      if (!this.isTaken(name)) this.rows.get(name)?.show(value);
    }
    this.loadLater(REFRESH_MS);
  }

  destroy(): void {
    clearTimeout(this.timer);
  }

  private toggle(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.element.hidden = !isOpen;
    this.button.setAttribute('aria-expanded', String(isOpen));
    this.onToggle(isOpen);
    if (isOpen) void this.load();
  }

  /** Whether a widget shows a wish that is not answered yet; `done` is the one that just was. */
  private isTaken(name: string, done = ''): boolean {
    const { wishes } = this;
    if (name === done || done === ALL) return wishes.isWaiting(name) || wishes.isWaiting(ALL);
    return wishes.isBusy(ALL) || wishes.isBusy(name) || this.rows.get(name)?.isHeld === true;
  }

  private loadLater(ms: number): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (this.isLive) void this.load();
    }, ms);
  }

  /** What is turned meanwhile comes with a newer list of its own. */
  private async load(): Promise<void> {
    if (!this.wishes.isIdle) return;
    const { turns } = this;
    const answer = await askControls(this.stream);
    if (turns === this.turns) this.take(answer);
    if (!answer.controls) this.loadLater(RETRY_MS);
  }

  private async send(name: string, wish: Wish): Promise<void> {
    this.turns += 1;
    const isAll = name === ALL;
    const all = () => this.controls.filter(isReset).map((c) => [c.name, null]);
    const answer = await turnControls(this.stream, isAll ? Object.fromEntries(all()) : { [name]: wish });
    this.take(isAll ? answer : { ...answer, fault: '' }, name);
    if (isAll) for (const row of this.rows.values()) row.fail('');
    else if (!this.isTaken(name, name)) this.rows.get(name)?.fail(answer.fault);
  }

  /** `done`: whose change this answers; newer wishes of the same name keep their widget. */
  private take({ controls, fault }: Answer, done = ''): void {
    setText(this.fault, fault);
    if (!controls) return;
    this.controls = controls;
    this.button.hidden = controls.length === 0;
    if (controls.length === 0 && this.isOpen) this.toggle(false);
    // Ranges and menus are built in.
    const form = JSON.stringify(controls.map(({ value: _value, flags: _flags, ...kept }) => kept));
    if (form !== this.form) return this.build(controls, form);
    for (const control of controls) {
      if (!this.isTaken(control.name, done)) this.rows.get(control.name)?.update(control);
    }
    return undefined;
  }

  private build(controls: Control[], form: string): void {
    this.form = form;
    this.rows.clear();
    const groups = new Map<string, HTMLElement>();
    for (const control of controls) {
      const row = Row.of(control, (name, value) => this.wishes.put(name, value));
      if (!row) continue;
      this.rows.set(control.name, row);
      const group = groups.get(control.class) ?? this.group(control.class);
      groups.set(control.class, group);
      group.append(row.element);
    }
    this.groups.replaceChildren(...groups.values());
  }

  private group(name: string): HTMLElement {
    const legend = make('legend');
    setText(legend, name || 'Others');
    return make('fieldset', '', legend);
  }
}
