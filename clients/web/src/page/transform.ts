/* SPDX-License-Identifier: MIT */
// How the values of a scalar stream spread over its colours: a menu under the figure.

import type { Transform } from '../wire/message.ts';
import { make, setText } from './dom.ts';

const NAMES: Transform[] = ['linear', 'log', 'sqrt', 'gamma', 'asinh', 'equalize'];

export class TransformMenu {
  private readonly select = make('select', 'transform');
  private readonly label = make('label');

  constructor(
    element: HTMLElement,
    onChange: (transform: Transform) => void,
  ) {
    const caption = make('span');
    setText(caption, 'scale');
    const { label } = this;
    label.append(caption, this.select);
    label.title = 'How values spread over the colours';
    for (const name of NAMES) {
      const option = make('option');
      setText(option, name);
      this.select.append(option);
    }
    this.select.addEventListener('change', () => onChange(this.select.value as Transform));
    element.append(label);
    label.hidden = true;
  }

  /** `scalar`: colour pictures have no scale. */
  show(scalar: boolean, transform: Transform): void {
    this.label.hidden = !scalar;
    if (document.activeElement !== this.select) this.select.value = transform;
  }
}
