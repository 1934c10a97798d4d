// Elements of the page, made by program: text is text.

// An element with attributes, listeners (onclick) and children, which are elements or texts.
export function element(tag, attributes, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// A circle with the initials of a name, in a colour that the name has wherever it stands.
export function face(name) {
  const words = name.trim().split(/\s+/u);
  const initials = (words.length > 1 ? [words[0], words.at(-1)] : words).map((word) => [...word][0] ?? '').join('').toUpperCase();
  const made = element('span', { class: 'face', 'aria-hidden': 'true' }, [initials]);
  let hue = 0;
  for (const character of name) hue = (hue * 31 + character.codePointAt(0)) % 360;
  made.style.setProperty('--hue', hue);
  return made;
}
