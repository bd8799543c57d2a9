/* SPDX-License-Identifier: MIT */
// One slider for each leading axis of a volume.

export class Slices {
  private counts: number[] = [];
  private inputs: HTMLInputElement[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly onChange: (slice: number[]) => void,
  ) {}

  /** The axes in front of rows and columns, and where the view stands on them. */
  show(shape: number[], slice: number[]): void {
    const counts = shape.slice(0, slice.length);
    if (counts.join() !== this.counts.join()) this.build(counts);
    this.inputs.forEach((input, i) => {
      if (document.activeElement !== input) input.value = String(slice[i]);
      this.label(i);
    });
  }

  private build(counts: number[]): void {
    this.counts = counts;
    this.inputs = counts.map((count) => {
      const input = document.createElement('input');
      input.type = 'range';
      input.min = '0';
      input.max = String(Math.max(count - 1, 0));
      return input;
    });
    this.element.replaceChildren(...this.inputs.map((input, i) => this.row(input, i)));
  }

  private row(input: HTMLInputElement, i: number): HTMLElement {
    const label = document.createElement('label');
    const name = document.createElement('span');
    name.textContent = `axis ${i}`;
    label.append(name, input, document.createElement('output'));
    input.addEventListener('input', () => {
      this.label(i);
      this.onChange(this.inputs.map((each) => Number(each.value)));
    });
    return label;
  }

  private label(i: number): void {
    const output = this.inputs[i].parentElement?.querySelector('output');
    if (output) output.textContent = `${this.inputs[i].value} / ${this.counts[i] - 1}`;
  }
}
