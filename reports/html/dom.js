'use strict';
// Elements, numbers and words. All text of the document goes in as text, never as markup.
const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'style') node.style.cssText = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(3)) {
    if (child !== undefined && child !== null && child !== false && child !== '') node.append(child);
  }
  return node;
};
const grouped = (number) => String(Math.round(number || 0)).replace(/\B(?=(\d{3})+$)/g, ',');
const counted = (number, word) => `${grouped(number)} ${word}${number === 1 ? '' : 's'}`;
const entries = (list) => '{' + (list || []).map(([key, value]) => `${key}: ${value}`).join(', ') + '}';

const copied = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', {style: 'position:fixed;opacity:0'});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
};
const command = (text) => {
  const button = el('button', {type: 'button', class: 'copy', 'aria-label': `Copy the command: ${text}`,
    onclick: () => copied(text, button)}, 'Copy');
  return el('div', {class: 'command'}, el('code', {}, text), button);
};
const quoted = (path) => /[ '"$&;()*?]/.test(path) ? `'${path}'` : path;
// `place`: the line that matters most.
const frameList = (frames, place = frames.length ? frames[0].place : '') => el('ul', {class: 'frames'}, frames.map((frame) =>
  el('li', {class: frame.place === place ? 'main' : ''}, frame.source && el('span', {class: 'code'}, frame.source),
    el('span', {class: 'at'}, frame.place || '?', frame.function ? `  in ${frame.function}()` : ''))));
