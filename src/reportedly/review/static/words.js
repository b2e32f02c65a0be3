// Words of a report and where they lie: code points into its text on one side, places in the page on the other. Every
// paragraph says where it starts (data-start), and no mark adds text of its own, so counting what stands there is enough.

const points = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** The paragraphs of the report. */
export const lines = () => [...document.querySelectorAll("#work .text")];

/** The code points that a DOM range covers in the report: the first and the last, across paragraphs; null for none. */
export function offsets(range) {
  let start = null;
  let end = null;
  for (const line of lines()) {
    if (!range.intersectsNode(line)) continue;
    const inside = document.createRange();
    inside.selectNodeContents(line);
    const before = inside.cloneRange();
    if (line.contains(range.startContainer)) inside.setStart(range.startContainer, range.startOffset);
    if (line.contains(range.endContainer)) inside.setEnd(range.endContainer, range.endOffset);
    const words = inside.toString();
    if (!words.trim()) continue;
    before.setEnd(inside.startContainer, inside.startOffset);
    const from = Number(line.dataset.start) + points(before.toString());
    start ??= from;
    end = from + points(words);
  }
  return start === null ? null : { start, end };
}

/** What is selected in the report, with its words; null for nothing. */
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const found = offsets(range);
  return found && { ...found, words: selection.toString().replace(/\s+/g, " ").trim() };
}

/** Selects code points in the page, as if by hand. */
export function select(start, end) {
  const from = place(start, false);
  const to = place(end, true);
  if (from && to) getSelection().setBaseAndExtent(from.node, from.offset, to.node, to.offset);
  return from?.node.parentElement;
}

/** The text node and the place in it where a code point of the report stands. */
function place(offset, isEnd) {
  for (const line of lines().reverse()) {
    const first = Number(line.dataset.start);
    if (isEnd ? offset <= first : offset < first) continue;
    let left = offset - first;
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const size = points(node.data);
      if (isEnd ? left <= size : left < size) return { node, offset: [...node.data].slice(0, left).join("").length };
      left -= size;
    }
    return null;
  }
  return null;
}

/** Every word of the report as [start, end]. */
export function wordsOfText() {
  const found = [];
  for (const line of lines()) {
    const text = line.textContent;
    const first = Number(line.dataset.start);
    let done = 0;
    let offset = first;
    for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+(?:['’.\-][\p{L}\p{N}\p{M}]+)*/gu)) {
      offset += points(text.slice(done, match.index));
      const size = points(match[0]);
      found.push([offset, offset + size]);
      offset += size;
      done = match.index + match[0].length;
    }
  }
  return found;
}
