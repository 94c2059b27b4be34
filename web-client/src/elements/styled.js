import { noChange } from 'lit-html';
import { Directive, directive } from 'lit-html/directive.js';

/**
 * Sets style properties one by one. A `style` attribute, which lit's own `styleMap` begins with, is
 * refused by a page with a strict Content-Security-Policy.
 */
class Styled extends Directive {
  /** @override @param {Record<string, string>} _properties */
  render(_properties) {
    return noChange;
  }

  /**
   * @override
   * @param {import('lit-html/directive.js').ElementPart} part
   * @param {[Record<string, string>]} properties
   */
  update(part, [properties]) {
    const { style } = /** @type {HTMLElement} */ (part.element);
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }
}

/** On an element: `<div ${styled({ width: '1px' })}>`. */
export const styled = directive(Styled);
