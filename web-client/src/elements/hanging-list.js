/**
 * Which rows of a long list are in the page, and where.
 *
 * The list hangs from its end: the scroller is a `column-reverse` box, so the browser itself counts
 * positions from the bottom. Older rows that come at the top, and rows above the fold that turn out
 * higher than they were thought to be, move nothing that one sees, also in the middle of a fling, where
 * writing a scroll position would stop it. New rows at the end are followed by standing still. Only
 * what changes below the fold while one reads further up has to be made up for.
 *
 * @module
 */

/** What is drawn beyond the fold, in pixels, and how little of it may be left before more is drawn. */
const AHEAD = 700;
const ENOUGH = 250;
/** Within this distance of the end, in pixels, the end is followed. */
export const AT_END = 60;
/** Space before the first row and after the last one. */
const BEFORE = 12;
const AFTER = 8;
/** A fling whose scroll events stop for this long, in milliseconds, is over. */
const STILL_MS = 150;

/**
 * @template {{ key: string }} R
 */
export class HangingList {
  #onChange;
  #onScroll;
  /** @type {(row: R, width: number) => number} */
  #estimate;
  /** @type {readonly R[]} */
  #rows = [];
  /** Where each row begins, counted from the top; one more for where the last ends. */
  #starts = new Float64Array([BEFORE]);
  /** The measured heights. @type {Map<string, number>} */
  #heights = new Map();
  /** @type {HTMLElement | null} */
  #scroller = null;
  /** @type {HTMLElement | null} */
  #box = null;
  /** What is seen, until it is known. */
  #height = 800;
  #width = 360;
  /** How far the fold's lower edge is from the list's end. */
  #y = 0;
  /** What of `#y` the scroller's own position does not say: less than a pixel, or a fling's debt. */
  #hold = 0;
  #touched = false;
  #fingers = 0;
  /** @type {any} */
  #still = null;
  /** A row to keep in its place until it and its neighbours are measured. */
  #aim = /** @type {{ key: string, align: 'start' | 'center' } | null} */ (null);
  #observer = new ResizeObserver(() => this.measure());
  /** The first row drawn, and the one after the last. */
  from = 0;
  to = 0;
  /** Whether the end is the live one, to be followed. */
  live = true;
  /** Whether one is there. */
  following = true;

  /**
   * @param {object} of
   * @param {(row: R, width: number) => number} of.estimate a row's likely height, until it is measured
   * @param {() => void} of.onChange other rows are to be drawn
   * @param {() => void} of.onScroll
   */
  constructor({ estimate, onChange, onScroll }) {
    this.#estimate = estimate;
    this.#onChange = onChange;
    this.#onScroll = onScroll;
  }

  /** How far the fold is from the list's beginning and end, in pixels. */
  get above() {
    return this.#total - this.#y - this.#height;
  }

  get below() {
    return this.#y;
  }

  get #total() {
    return this.#starts[this.#rows.length] + AFTER;
  }

  /** The last row of which a good part is seen; −1 where there is none. */
  get lastSeen() {
    const edge = this.#total - this.#y + 4;
    let i = this.#at(edge);
    while (i >= 0 && this.#starts[i] + Math.min(this.#starts[i + 1] - this.#starts[i], 40) > edge) i--;
    return i;
  }

  /** The row that a position falls on, by bisection. @param {number} top */
  #at(top) {
    let low = 0;
    let high = this.#rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= top) low = middle;
      else high = middle - 1;
    }
    return high;
  }

  /** @param {readonly R[]} rows each key once */
  set(rows) {
    const anchor = this.#anchor();
    const before = this.#rows.length;
    this.#rows = rows;
    this.#lay(0);
    this.#keep(anchor, before);
  }

  /** Decides what is to be drawn: call it right before drawing. */
  draw() {
    const bottom = this.#total - this.#y;
    this.from = Math.max(0, this.#at(bottom - this.#height - AHEAD));
    this.to = Math.min(this.#rows.length, this.#at(bottom + AHEAD) + 1);
  }

  /** Sums up the heights. @param {number} from the first that changed */
  #lay(from) {
    const rows = this.#rows;
    if (this.#starts.length <= rows.length) {
      const more = new Float64Array(Math.ceil(rows.length * 1.2) + 64);
      more.set(this.#starts);
      this.#starts = more;
    }
    let at = this.#starts[from];
    for (let i = from; i < rows.length; i++) {
      at += this.#heights.get(rows[i].key) ?? this.#estimate(rows[i], this.#width);
      this.#starts[i + 1] = at;
    }
  }

  /** The first row that is seen from its beginning, and how far that is from the end. */
  #anchor() {
    if (!this.#rows.length || (this.following && this.live)) return null;
    const top = this.#total - this.#y - this.#height;
    let i = Math.max(0, this.#at(top));
    if (this.#starts[i] < top && i + 1 < this.#rows.length) i++;
    return { key: this.#rows[i].key, index: i, toEnd: this.#total - this.#starts[i] };
  }

  /**
   * @param {{ key: string, index: number, toEnd: number } | null} anchor
   * @param {number} before how many rows there were
   */
  #keep(anchor, before) {
    const rows = this.#rows;
    if (this.#aim) {
      const i = rows.findIndex((row) => row.key === this.#aim?.key);
      if (i >= 0) {
        const start = this.#starts[i];
        this.#y =
          this.#aim.align === 'start'
            ? this.#total - start - this.#height
            : this.#total - (start + this.#starts[i + 1]) / 2 - this.#height / 2;
      }
    } else if (anchor) {
      // Most changes are at one of the ends.
      const is = (/** @type {number} */ i) => rows[i]?.key === anchor.key;
      const late = rows.length - before + anchor.index;
      const i = is(late) ? late : is(anchor.index) ? anchor.index : rows.findIndex((_, j) => is(j));
      if (i >= 0) this.#y += this.#total - this.#starts[i] - anchor.toEnd;
    } else this.#y = 0;
    this.#y = Math.max(0, Math.min(this.#y, this.#total - this.#height));
  }

  /**
   * Takes the heights of the rows that are drawn, and puts all into its place: call it right after
   * drawing.
   *
   * @param {Element | null} [box] around the rows; the box around it is as high as the list, and lies in
   *   the scroller
   */
  measure(box = this.#box) {
    if (box !== this.#box) this.#attach(/** @type {HTMLElement | null} */ (box));
    const scroller = this.#scroller;
    // What is not shown has no heights.
    if (!box || !scroller?.clientHeight || !this.#rows.length) return;
    this.#height = scroller.clientHeight;
    this.#width = scroller.clientWidth;
    const anchor = this.#anchor();
    let changed = -1;
    for (let i = this.from; i < this.to; i++) {
      const row = box.children[i - this.from];
      if (!row) break;
      // To the fraction of a pixel: rounded heights would add up.
      const { height } = row.getBoundingClientRect();
      if (this.#heights.get(this.#rows[i].key) === height) continue;
      this.#heights.set(this.#rows[i].key, height);
      if (changed < 0) changed = i;
    }
    if (changed >= 0) this.#lay(changed);
    this.#keep(anchor, this.#rows.length);
    if (this.#aim && changed < 0 && this.#covers) {
      this.#aim = null;
      this.following = this.#y < 1;
    }
    this.#place();
    if (!this.#covers) this.#onChange();
  }

  get #covers() {
    const bottom = this.#total - this.#y;
    return (
      (this.from === 0 || this.#starts[this.from] <= bottom - this.#height - ENOUGH) &&
      (this.to === this.#rows.length || this.#starts[this.to] >= bottom + ENOUGH)
    );
  }

  #place() {
    const scroller = /** @type {HTMLElement} */ (this.#scroller);
    const box = /** @type {HTMLElement} */ (this.#box);
    /** @type {HTMLElement} */ (box.parentElement).style.height = `${this.#total}px`;
    const off = this.#y + scroller.scrollTop - this.#hold;
    // Pulled beyond an end it springs back by itself.
    const pulled =
      scroller.scrollTop > 0 || scroller.scrollTop < scroller.clientHeight - scroller.scrollHeight;
    if (Math.abs(off) > 0.01 && !pulled) {
      // A scroll position that is written ends a fling: its debt is paid when it is over.
      if (this.#touched && Math.abs(off) < this.#height) this.#hold += off;
      else {
        scroller.scrollTop = -this.#y;
        // The browser keeps whole device pixels; the rest is ours.
        this.#hold = this.#y > 0 && this.above > 0 ? this.#y + scroller.scrollTop : 0;
      }
    }
    box.style.transform = `translateY(${this.#hold + this.#starts[this.to] - this.#total}px)`;
  }

  /** @param {HTMLElement | null} box */
  #attach(box) {
    this.close();
    this.#box = box;
    const scroller = box?.parentElement?.parentElement;
    if (!box || !scroller) return;
    this.#scroller = scroller;
    scroller.addEventListener('scroll', this.#scrolled);
    for (const type of ['touchstart', 'touchend', 'touchcancel']) {
      scroller.addEventListener(type, this.#touch, { passive: true });
    }
    this.#observer.observe(scroller);
    this.#observer.observe(box);
  }

  close() {
    this.#observer.disconnect();
    clearTimeout(this.#still);
    this.#scroller?.removeEventListener('scroll', this.#scrolled);
    for (const type of ['touchstart', 'touchend', 'touchcancel']) {
      this.#scroller?.removeEventListener(type, this.#touch);
    }
    this.#scroller = this.#box = null;
  }

  #touch = (/** @type {Event} */ e) => {
    this.#fingers = /** @type {TouchEvent} */ (e).touches.length;
    this.#touched = true;
    this.#aim = null;
    this.#rest();
  };

  #scrolled = () => {
    const scroller = this.#scroller;
    if (!scroller) return;
    const y = Math.max(0, this.#hold - scroller.scrollTop);
    // What was written a moment ago is read back here.
    if (Math.abs(y - this.#y) >= 1) {
      this.#y = y;
      this.#aim = null;
      this.following = y <= AT_END;
    }
    this.#rest();
    if (!this.#covers) this.#onChange();
    this.#onScroll();
  };

  #rest() {
    clearTimeout(this.#still);
    this.#still = setTimeout(() => {
      if (this.#fingers) return;
      this.#touched = false;
      if (Math.abs(this.#hold) >= 1) {
        this.#hold = 0;
        this.measure();
      }
    }, STILL_MS);
  }

  toEnd() {
    this.#aim = null;
    this.#y = 0;
    this.following = true;
    this.#onChange();
  }

  /** @param {number} index @param {'start' | 'center'} align */
  bring(index, align) {
    this.#aim = { key: this.#rows[index].key, align };
    this.following = false;
    this.#keep(null, 0);
    this.#onChange();
  }
}
