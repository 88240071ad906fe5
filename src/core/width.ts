/** What stands in the place of what is cut out of a text. */
export const ELLIPSIS = "…";

/** Returns the text in at most `width` columns: what is too long loses its middle. */
export function cutMiddle(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  if (width < 2) return width < 1 ? "" : ELLIPSIS;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const tail = fitting(characters.toReversed(), Math.floor((width - 1) / 2)).toReversed();
  const head = fitting(characters, width - 1 - Bun.stringWidth(tail.join("")));
  return head.join("") + ELLIPSIS + tail.join("");
}

/** Returns the text in at most `width` columns: what is too long loses its end. */
export function cutEnd(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  if (width < 2) return width < 1 ? "" : ELLIPSIS;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  return fitting(characters, width - 1).join("") + ELLIPSIS;
}

/** Returns the text with blanks behind it up to `width` columns. */
export const padEnd = (text: string, width: number) => text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));

/** Returns as many of the characters as `width` columns hold, from the first. */
function fitting(characters: readonly string[], width: number): string[] {
  let left = width;
  const end = characters.findIndex((character) => (left -= Bun.stringWidth(character)) < 0);
  return end === -1 ? [...characters] : characters.slice(0, end);
}

/** Returns the width of the widest of the texts, in columns; 0 where there is none. */
export const widest = (texts: readonly string[]): number =>
  texts.reduce((width, text) => Math.max(width, Bun.stringWidth(text)), 0);
