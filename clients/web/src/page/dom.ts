/* SPDX-License-Identifier: MIT */
// Elements with a class; text is always set as text.

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Touches the document only when something changes. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function find<T extends HTMLElement>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`${selector} is not on the page`);
  return element;
}
