import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { seeded } from './world.js';

globalThis.ResizeObserver ??= class {
  observe() {}
  disconnect() {}
};
const { HangingList } = await import('../src/elements/hanging-list.js');

const FOLD = 600;

/**
 * A list in as much of a browser as it needs: a `column-reverse` scroller that counts from its end,
 * keeps whole pixels and its bounds, and rows with heights of their own, which the list only guesses.
 */
function page({ heightOf = () => 50, guess = () => 40, fold = FOLD } = {}) {
  class Scroller extends EventTarget {
    clientHeight = fold;
    clientWidth = 360;
    get scrollHeight() {
      return Math.max(fold, Math.round(parseFloat(space.style.height ?? 0)));
    }
    at = 0;
    writes = 0;
    due = false;
    get scrollTop() {
      return this.at;
    }
    set scrollTop(to) {
      this.writes++;
      this.move(to);
    }
    move(to) {
      const before = this.at;
      const most = Math.max(0, Math.round(parseFloat(space.style.height ?? 0)) - fold);
      this.at = Math.max(-most, Math.min(0, Math.round(to)));
      if (before !== this.at) this.due = true;
    }
  }
  const scroller = new Scroller();
  const space = { style: {}, parentElement: scroller };
  const box = { style: {}, parentElement: space, children: [] };
  let rows = [];
  let due = false;
  const list = new HangingList({
    estimate: (row) => guess(row),
    onChange: () => (due = true),
    onScroll: () => {},
  });
  const it = {
    list,
    scroller,
    get rows() {
      return rows;
    },
    /** Draws until nothing more is asked for, as the element does. */
    draw(next = rows) {
      if (next !== rows) list.set((rows = next));
      for (let turn = 0; turn === 0 || due; turn++) {
        assert.ok(turn < 20, 'it never comes to rest');
        due = false;
        list.draw();
        box.children = rows
          .slice(list.from, list.to)
          .map((row) => ({ getBoundingClientRect: () => ({ height: heightOf(row) }) }));
        list.measure(box);
      }
      if (scroller.due) {
        scroller.due = false;
        scroller.dispatchEvent(new Event('scroll'));
        if (due) it.draw();
      }
    },
    /** The user scrolls. */
    scroll(delta) {
      scroller.move(scroller.at + delta);
      scroller.due = false;
      scroller.dispatchEvent(new Event('scroll'));
      it.draw();
    },
    /** Where each drawn row is seen, counted from the fold's upper edge. */
    seen() {
      const shift = parseFloat(/translateY\((.*)px\)/.exec(box.style.transform)[1]);
      let bottom = fold - scroller.at + shift;
      const places = new Map();
      for (let i = list.to - 1; i >= list.from; i--) {
        bottom -= heightOf(rows[i]);
        places.set(rows[i].key, bottom);
      }
      return places;
    },
    /** The first row that is wholly seen. */
    first() {
      return [...it.seen()].filter(([, top]) => top >= 0).at(-1);
    },
  };
  return it;
}

const many = (from, to) => Array.from({ length: to - from }, (_, i) => ({ key: `k${from + i}` }));

test('a list begins at its end, and draws no more than what is near', () => {
  const it = page();
  it.draw(many(0, 50_000));
  assert.equal(it.scroller.at, 0);
  assert.equal(it.list.to, 50_000);
  assert.ok(it.list.to - it.list.from < 60);
  assert.equal(it.seen().get('k49999'), FOLD - 8 - 50);
});

test('new rows at the end are followed, unless one reads further up', () => {
  const it = page();
  it.draw(many(0, 100));
  it.draw(many(0, 101));
  assert.equal(it.seen().get('k100'), FOLD - 58);
  it.scroll(-500);
  const [key, top] = it.first();
  it.draw(many(0, 105));
  assert.equal(it.seen().get(key), top);
  it.list.toEnd();
  it.draw();
  assert.equal(it.seen().get('k104'), FOLD - 58);
});

test('older rows move nothing, in the middle and at the very top, and nothing is written', () => {
  for (const up of [-900, -100_000]) {
    const it = page({ heightOf: (row) => 40 + (Number(row.key.slice(1)) % 7) * 10.3 });
    it.draw(many(200, 300));
    it.scroll(up);
    it.scroll(up);
    const [key, top] = it.first();
    const { writes } = it.scroller;
    it.draw(many(150, 300));
    assert.ok(Math.abs(it.seen().get(key) - top) < 1e-6);
    it.draw(many(100, 300));
    assert.ok(Math.abs(it.seen().get(key) - top) < 1e-6);
    assert.equal(it.scroller.writes, writes);
  }
});

test('the end of an older stretch is not followed into what comes after it', () => {
  const it = page();
  it.list.live = false;
  it.draw(many(0, 100));
  const [key, top] = it.first();
  it.draw(many(0, 150));
  assert.equal(it.seen().get(key), top);
});

test('a row is brought to where it is wanted, however wrong the guesses were', () => {
  const heightOf = (row) => 30 + (Number(row.key.slice(1)) % 11) * 17;
  const it = page({ heightOf, guess: () => 20 });
  it.draw(many(0, 5_000));
  it.list.bring(1_234, 'center');
  it.draw();
  const middle = it.seen().get('k1234') + heightOf({ key: 'k1234' }) / 2;
  assert.ok(Math.abs(middle - FOLD / 2) < 1, `at ${middle}`);
  it.list.bring(70, 'start');
  it.draw();
  assert.ok(Math.abs(it.seen().get('k70')) < 1);
  it.list.bring(0, 'center');
  it.draw();
  assert.equal(it.seen().get('k0'), 12);
});

test('while the page hides it nothing is measured, and it comes back as it was', () => {
  let shown = true;
  const it = page({ heightOf: () => (shown ? 50 : 0) });
  it.draw(many(0, 1_000));
  it.scroll(-5_000);
  const [key, top] = it.first();
  shown = false;
  it.scroller.clientHeight = 0;
  it.draw();
  it.list.measure();
  assert.ok(it.list.to - it.list.from < 60);
  shown = true;
  it.scroller.clientHeight = FOLD;
  it.list.measure();
  assert.equal(it.seen().get(key), top);
});

test('a list that does not fill the fold stands at its lower edge', () => {
  const it = page();
  it.draw(many(0, 3));
  assert.deepEqual([...it.seen().values()], [542, 492, 442]);
  it.draw(many(0, 2));
  assert.deepEqual([...it.seen().values()], [542, 492]);
});

test('while a finger flings the list no position is written; the debt is paid when it rests', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const it = page();
    it.draw(many(0, 1_000));
    it.scroll(-5_000);
    mock.timers.tick(1_000);
    it.scroller.dispatchEvent(Object.assign(new Event('touchstart'), { touches: [{}] }));
    it.scroll(-200);
    it.scroller.dispatchEvent(Object.assign(new Event('touchend'), { touches: [] }));
    const { writes } = it.scroller;
    const [key, top] = it.first();
    it.draw(many(0, 1_003));
    assert.equal(it.seen().get(key), top);
    assert.equal(it.scroller.writes, writes);
    mock.timers.tick(1_000);
    it.draw();
    assert.equal(it.seen().get(key), top);
    assert.equal(it.scroller.writes, writes + 1);
  } finally {
    mock.timers.reset();
  }
});

test('whatever comes, goes or grows out of sight, what one reads stands still', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const grown = new Map();
    const heightOf = (row) => 22 + (row.key.length * 37) % 90 + 0.25 * (Number(row.key.slice(1)) % 4) + (grown.get(row.key) ?? 0);
    const it = page({ heightOf, guess: () => 20 + random.below(80) });
    let low = 1_000;
    let high = 1_120;
    it.draw(many(low, high));
    for (let step = 0; step < 60; step++) {
      const what = random.below(5);
      if (what < 2) {
        it.scroll(random.below(2_000) - 1_200);
        continue;
      }
      // At either end the bounds may have their way.
      const free = it.list.above > 200 && it.list.below > 200;
      const [key, top] = it.first();
      if (what === 2) it.draw(many((low -= random.below(60)), high));
      else if (what === 3) it.draw(many(low, (high += random.below(5))));
      else {
        const away = [...it.seen()].filter(([, at]) => at > FOLD || at < -300);
        if (away.length) grown.set(random.pick(away)[0], random.below(100));
        it.draw();
      }
      if (free) assert.ok(Math.abs(it.seen().get(key) - top) < 0.01, `seed ${seed}, step ${step}, ${what}`);
    }
  }
});
