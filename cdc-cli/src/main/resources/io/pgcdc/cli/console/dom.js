// The few ways in which this page touches the document. Text is always set as text: records contain what anybody wrote.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/** Makes an element: make('p.soft', {id: 'x'}, 'text', child). Null children are left out. */
export function make(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) set(node, key, value);
  node.append(...children.filter(child => child != null));
  return node;
}

/** Makes an element of SVG. */
export function draw(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) set(node, key, value);
  return node;
}

/** Sets the text, and touches the document only if it differs. */
export function say(node, text) {
  const wanted = text ?? '';
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Sets an attribute, only if it differs. Null removes it. */
export function set(node, name, value) {
  if (value == null || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

/** The shape and colour of a state. The word stands beside it. */
export function mark(tone = 'idle') {
  return make('span.mark', { 'data-tone': tone });
}

const kept = new WeakMap();

/**
 * Makes a parent's children those of a list, in its order. An element is made once for a key and then reused, so focus, selection and
 * scrolling stay.
 *
 * @param build makes the view of an item: an object with `root`, the element
 * @param update writes an item into its view
 */
export function keyed(parent, items, keyOf, build, update) {
  const before = kept.get(parent) ?? new Map();
  const after = new Map();
  const wanted = new Set(items.map(keyOf));
  // Those that go, go first. Else all that stay would be moved past them, and a moved element loses its focus.
  for (const [key, view] of before) {
    if (!wanted.has(key)) view.root.remove();
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    if (after.has(key)) continue;
    const view = before.get(key) ?? build(item);
    after.set(key, view);
    update(view, item);
    if (view.root === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(view.root, next);
    }
  }
  kept.set(parent, after);
}
